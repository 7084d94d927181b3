// The device between telephone and wall: display, keys, card, paper, battery. What is typed goes to it and nowhere else.
import { at, button, headers, make } from "/page.js";

const device = at("device");
let shown = null;

// A key counts for what is shown when it is pressed, and for nothing that comes behind it.
let line = Promise.resolve();
const ask = (path, query = {}) => {
  line = line.then(() => fetch(`/device/${path}?${new URLSearchParams(query)}`, { method: "POST", headers })).catch(() => {});
};
const press = key => ask("key", { ask: shown.ask, key });

const keys = [
  ["1", "Digit1"], ["2", "Digit2"], ["3", "Digit3"], ["4", "Digit4"], ["5", "Digit5"], ["6", "Digit6"], ["7", "Digit7"],
  ["8", "Digit8"], ["9", "Digit9"], ["▲", "Up"], ["0", "Digit0"], ["▼", "Down"], ["C", "Clear"], ["DATA", "Data"], ["OK", "Ok"],
];
const names = { Up: "Up", Down: "Down", Clear: "Cancel", Data: "Data key: let the line go to data", Ok: "OK" };
at("device-keys").append(...keys.map(([face, key]) => {
  const node = button(face, `device-${key.toLowerCase()}`, () => press(key));
  if (names[key]) node.setAttribute("aria-label", names[key]);
  node.className = key.toLowerCase();
  return node;
}));

const keyboard = { ArrowUp: "Up", ArrowDown: "Down", Enter: "Ok", Backspace: "Clear", Escape: "Clear", d: "Data", D: "Data" };
device.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input")) return;
  if (event.key === "Enter" && event.target.matches("button")) return;
  const key = /^[0-9]$/.test(event.key) ? `Digit${event.key}` : keyboard[event.key];
  if (!key || !shown?.isOn) return;
  press(key);
  event.preventDefault();
});

at("device-power").addEventListener("click", () => ask("power", { on: !shown.isOn }));
at("mains").addEventListener("change", event => ask("mains", { on: event.target.checked }));
at("battery").addEventListener("input", event => { at("battery-out").textContent = `${event.target.value} %`; });
at("battery").addEventListener("change", event => ask("battery", { percent: event.target.value }));
at("tear").addEventListener("click", () => ask("paper/tear"));
at("own-finger").addEventListener("click", () => ask("finger", { own: true }));
at("other-finger").addEventListener("click", () => ask("finger", { own: false }));

const drawPaper = paper => {
  at("paper").hidden = paper.length === 0;
  at("tear").hidden = paper.length === 0;
  const printed = JSON.stringify(paper);
  if (at("paper").dataset.printed === printed) return;
  at("paper").dataset.printed = printed;
  at("paper").replaceChildren(...paper.map(sheet => make("div", { className: "sheet" }, ...sheet.map(row => make("div", {
    className: row.isBold ? "bold" : "", textContent: row.text || " ",
  })))));
  at("paper").scrollTop = at("paper").scrollHeight;
};

export const drawDevice = state => {
  device.hidden = !state;
  if (!state) return;
  shown = state;
  device.dataset.state = state.isOn ? "on" : "off";
  device.dataset.stage = state.stage;
  at("lcd").textContent = state.lines.join("\n");
  at("lcd").dataset.width = state.lines[0]?.length > 16 ? "wide" : "";
  at("stage").textContent = state.words;
  at("device-slot").dataset.card = state.card ? "in" : "out";
  at("device-slot").textContent = state.card || "no card";
  at("device-power").setAttribute("aria-pressed", String(state.isOn));
  for (const node of at("device-keys").children) node.disabled = !state.isOn;
  at("glass").dataset.state = state.wantsFinger ? "waits" : "idle";
  at("own-finger").disabled = at("other-finger").disabled = !state.wantsFinger;
  at("mains").checked = state.isMains;
  if (document.activeElement !== at("battery")) at("battery").value = state.percent;
  at("battery-out").textContent = `${state.percent} %`;
  drawPaper(state.paper);
};
