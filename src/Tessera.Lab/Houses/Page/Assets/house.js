// A house: its telephone and the socket in the wall, each drawn by a part of its own.
import { at, live } from "/page.js";
import { drawTelephone } from "/telephone.js";
import { drawLine } from "/line.js";

live(sight => {
  at("house").dataset.state = "on";
  drawTelephone(sight.telephone, sight.notes);
  drawLine(sight.line, sight.number);
}, () => { at("house").dataset.state = "off"; });
