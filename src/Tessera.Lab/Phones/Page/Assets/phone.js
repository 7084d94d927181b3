// Draws what the phone shows, sends its keys, and lists what went over its wires.
import { at, button, headers, live, make, post, token } from "/page.js";
import { level, Listening, Player } from "/sound.js";

const phone = at("phone");
const most = 500;
let shown = null;
let newest = 0;

// Keys arrive in the order they were pressed.
let line = Promise.resolve();
const press = key => { line = line.then(() => post(`/key?key=${key}`)).catch(() => {}); };
const type = text => { line = line.then(() => post("/type", { text })).catch(() => {}); };

const letters = ["", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];
const digit = (face, key, small) => make("button", { type: "button", id: `key-${key.toLowerCase()}` }, face, make("small", { textContent: small }));
for (let n = 1; n <= 9; n++) at("digits").append(digit(String(n), `Digit${n}`, letters[n - 1]));
at("digits").append(digit("*", "Star", "+"), digit("0", "Digit0", "␣"), digit("#", "Hash", "⇧"));
at("digits").querySelectorAll("button").forEach(button => {
  const name = button.id.slice(4);
  button.dataset.key = name[0].toUpperCase() + name.slice(1);
});
phone.addEventListener("click", event => {
  const key = event.target.closest("button")?.dataset.key;
  if (key) press(key);
});

const keyboard = { ArrowUp: "Up", ArrowDown: "Down", ArrowLeft: "Left", ArrowRight: "Right", Enter: "Ok", Backspace: "Back", Escape: "End", F1: "Left", F2: "Right" };
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, summary, a, .bench button")) return;
  const key = keyboard[event.key];
  if (key) {
    if (event.key === "Enter" && event.target.closest(".phone button")) return;
    press(key);
  } else if (event.key.length === 1 && shown?.phone.typing !== "None") {
    type(event.key);
  } else if (event.key === "+") {
    type(event.key);
  } else if (/^[0-9*#]$/.test(event.key)) {
    press(event.key === "*" ? "Star" : event.key === "#" ? "Hash" : `Digit${event.key}`);
  } else {
    return;
  }
  event.preventDefault();
});

// The meter moves in every call; it is heard only after a click, as browsers want it.
const player = new Player();
const listening = new Listening("/sound", headers, 1, ([samples]) => {
  at("level").firstElementChild.style.transform = `scaleX(${level(samples).toFixed(2)})`;
  if (samples.length > 0) player.play([samples]);
});
at("listen").addEventListener("click", event => event.target.setAttribute("aria-pressed", String(player.switch())));
at("in-band").addEventListener("change", event => post(`/in-band-keys?on=${event.target.checked}`));

const fault = (name, direction, count) => post("/faults", { fault: name, direction, count });
const count = make("input", { type: "number", id: "fault-count", value: "1", min: "0", max: "999", title: "How many messages, or writes of the SIM until its power goes" });
const row = (name, ...children) => make("div", { className: "row" }, make("b", { textContent: name }), ...children);

const airRow = (air, way, name) => {
  const faults = air[way];
  const many = () => Number(count.value);
  return row(name,
    button(faults.lose ? `Lose next ${faults.lose}` : "Lose", `lose-${way}`, () => fault("lose", way, many()), faults.lose > 0),
    button(faults.loseAnswers ? `Lose next ${faults.loseAnswers} answers` : "Lose answer", `lose-answers-${way}`, () => fault("loseAnswers", way, many()), faults.loseAnswers > 0),
    button(faults.double ? `Double next ${faults.double}` : "Double", `double-${way}`, () => fault("double", way, many()), faults.double > 0),
    button("Reorder", `reorder-${way}`, () => fault("reorder", way, 1), faults.reorder),
    button("Hold back", `hold-${way}`, () => fault("hold", way, 1), faults.hold),
    button(`Release ${faults.held || ""}`.trim(), `release-${way}`, () => fault("release", way, 1)));
};

const drawFaults = ({ air, tray }) => {
  const rows = [];
  if (air || tray) rows.push(row("How many", count));
  if (air) {
    rows.push(row("Signal", button(air.signal ? "Take it away" : "Give it back", "signal-switch", () => fault("signal", "down", air.signal ? 0 : 1), !air.signal), button("All clear", "clear-faults", () => fault("clear", "down", 1))),
      airRow(air, "down", "To the phone"), airRow(air, "up", "From it"));
  }
  if (tray) {
    rows.push(row("SIM", tray.isInserted ? button("Take out", "sim-remove", () => fault("remove")) : button("Put in", "sim-insert", () => fault("insert")),
      ...(tray.isInserted ? [button("Cut power after so many writes", "sim-cut", () => fault("cut", "down", Number(count.value)))] : [])));
  }
  at("switches").replaceChildren(...rows);
  at("faults").hidden = rows.length === 0;
};

const words = { Absent: "no SIM", PinAsked: "SIM asks for its PIN", Blocked: "SIM blocked", Ready: "SIM ready", Faulty: "SIM does not answer" };

const draw = sight => {
  const { phone: state } = sight;
  phone.dataset.state = state.isOn ? "on" : "off";
  phone.dataset.sim = state.sim;
  at("screen").textContent = state.lines.join("\n");
  at("left").textContent = state.left;
  at("right").textContent = state.right;
  at("network").textContent = state.network;
  at("signal").dataset.bars = state.signal;
  at("battery").dataset.bars = state.battery;
  listening.follow(Boolean(state.call));
  at("in-band").checked = state.keysInBand;
  at("note").hidden = !state.tone;
  at("number").textContent = state.identity.number;
  at("traffic").textContent = `Short messages: ${state.traffic.sent} sent, ${state.traffic.received} received`;
  at("sim").textContent = words[state.sim];
  const before = JSON.stringify([shown?.air, shown?.tray?.isInserted]);
  const held = document.activeElement?.id;
  if (!shown || before !== JSON.stringify([sight.air, sight.tray?.isInserted])) drawFaults(sight);
  if (held && document.activeElement?.id !== held) at(held)?.focus();
  shown = sight;
};

const hops = { Sim: "APDU", Toolkit: "Toolkit", Air: "RP", Message: "TPDU", Phone: "Phone" };
const hidden = new Set(["Sim"]);
at("filter").append(...Object.entries(hops).map(([hop, name]) => make("label", {}, make("input", {
  type: "checkbox", checked: !hidden.has(hop), id: `show-${hop.toLowerCase()}`,
  onchange: event => {
    if (event.target.checked) hidden.delete(hop); else hidden.add(hop);
    at("entries").querySelectorAll(`[data-hop=${hop}]`).forEach(node => { node.hidden = hidden.has(hop); });
  },
}), ` ${name}`)));

const arrows = { ToSim: "→ SIM", FromSim: "← SIM", ToNetwork: "→ net", FromNetwork: "← net", Inside: "" };
const drawEntry = entry => {
  const node = make("li", { hidden: hidden.has(entry.hop) },
    make("time", { textContent: entry.time.slice(11, 23) }), make("span", { textContent: arrows[entry.direction] }),
    make("span", { className: "what", textContent: entry.text }), make("span", { className: "octets", textContent: entry.octets }));
  node.dataset.hop = entry.hop;
  return node;
};

const fetchLog = async () => {
  const answer = await fetch(`/log?after=${newest}`, { headers });
  if (!answer.ok) return;
  const list = at("entries");
  const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const entry of await answer.json()) {
    newest = entry.number;
    list.append(drawEntry(entry));
    if (list.childElementCount > most) list.firstElementChild.remove();
  }
  if (follows) list.scrollTop = list.scrollHeight;
};

const gone = () => {
  phone.dataset.state = "off";
  at("screen").textContent = "";
  at("network").textContent = "";
};

at("download").href = `/log.txt?token=${token}`;
live(async sight => {
  draw(sight);
  if (sight.logNewest > newest) await fetchLog();
}, gone);
