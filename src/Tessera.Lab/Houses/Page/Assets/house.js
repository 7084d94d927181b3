// A house: its telephone, the device beside it and the socket in the wall, each drawn by a part of its own.
import { at, live } from "/page.js";
import { drawTelephone } from "/telephone.js";
import { drawDevice } from "/device.js";
import { drawLine } from "/line.js";

live(sight => {
  at("house").dataset.state = "on";
  drawTelephone(sight.telephone, sight.notes);
  drawDevice(sight.device);
  drawLine(sight.line, sight.number);
}, () => { at("house").dataset.state = "off"; });
