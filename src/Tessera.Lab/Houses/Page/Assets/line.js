// The line where it enters the house: what goes over it, heard and seen, and what the lab does to it.
import { at, headers, make, post } from "/page.js";
import { Listening, Player } from "/sound.js";
import { Waterfall } from "/spectrum.js";

const falls = [new Waterfall(at("out-fall")), new Waterfall(at("in-fall"))];
const player = new Player();
const listening = new Listening("/line/sound", headers, 2, channels => {
  if (channels[0].length === 0) return;
  channels.forEach((samples, way) => falls[way].write(samples));
  player.play(channels);
});
at("tap").addEventListener("click", event => event.currentTarget.setAttribute("aria-pressed", String(player.switch())));

const words = () => {
  at("loss-out").textContent = `${Number(at("loss").value)} %`;
  at("delay-out").textContent = `${at("delay").value} ms`;
};
const send = () => post("/line/faults", { lossPercent: Number(at("loss").value), delayMilliseconds: Number(at("delay").value) });
for (const id of ["loss", "delay"]) {
  at(id).addEventListener("input", words);
  at(id).addEventListener("change", send);
}
for (const node of document.querySelectorAll("[data-burst]"))
  node.addEventListener("click", () => post(`/line/burst?milliseconds=${node.dataset.burst}`));
at("cut").addEventListener("click", () => post("/line/cut"));

const drawWay = (id, way, idle, stands) => {
  at(`${id}-words`).textContent = way.modem || idle;
  const octets = way.octets > 0 ? `${way.octets} octets of data, ` : "";
  const lost = way.lost > 0 ? `, ${way.lost} lost` : "";
  at(`${id}-count`).textContent = stands ? `${octets}${way.packets} packets${lost}` : "";
};

let newest = 0;
const drawLog = log => {
  const last = log.at(-1)?.number ?? 0;
  if (last === newest) return;
  newest = last;
  at("entries").replaceChildren(...log.toReversed().map(entry => make("li", {},
    make("time", { textContent: entry.time.slice(11, 21) }), make("span", { textContent: entry.text }))));
};

export const drawLine = (state, number) => {
  at("line").dataset.use = state.use;
  at("number").textContent = number;
  at("use").textContent = state.words;
  at("peer").textContent = state.number;
  const stands = !["Idle", "Ringing"].includes(state.use);
  drawWay("out", state.out, "said in the house", stands);
  drawWay("in", state.in, "heard in the house", stands);
  if (document.activeElement !== at("loss")) at("loss").value = state.faults.lossPercent;
  if (document.activeElement !== at("delay")) at("delay").value = state.faults.delayMilliseconds;
  words();
  at("cut").disabled = state.use === "Idle";
  drawLog(state.log);
  listening.follow(stands);
};
