// The telephone: handset, keys, and what is heard in it.
import { at, button, headers, make, post } from "/page.js";
import { level, Listening, Player } from "/sound.js";

const telephone = at("telephone");
const faces = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const letters = { 2: "abc", 3: "def", 4: "ghi", 5: "jkl", 6: "mno", 7: "pqrs", 8: "tuv", 9: "wxyz" };
let shown = null;

// Keys arrive in the order they were pressed.
let line = Promise.resolve();
const ask = path => { line = line.then(() => post(`/telephone/${path}`)).catch(() => {}); };
const press = key => ask(`press?keys=${encodeURIComponent(key)}`);
const isLifted = () => shown !== null && !["OnHook", "Ringing"].includes(shown.phase);

at("digits").append(...faces.map(face => {
  const node = button("", `key-${face === "*" ? "star" : face === "#" ? "hash" : face}`, () => press(face));
  node.append(face, make("small", { textContent: letters[face] ?? "" }));
  return node;
}));
at("handset").addEventListener("click", () => ask(isLifted() ? "hangup" : "lift"));
at("redial").addEventListener("click", () => ask("redial"));
at("call-now").addEventListener("click", () => ask(`dial?number=${encodeURIComponent(shown.number)}`));
at("in-band").addEventListener("change", event => ask(`in-band-keys?on=${event.target.checked}`));

// The keyboard works the telephone while it has the focus.
telephone.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input")) return;
  if (/^[0-9*#]$/.test(event.key)) press(event.key);
  else if (event.key === "Escape") ask("hangup");
  else return;
  event.preventDefault();
});

const player = new Player();
const listening = new Listening("/telephone/sound", headers, 1, ([samples]) => {
  at("level").firstElementChild.style.transform = `scaleX(${level(samples).toFixed(2)})`;
  if (samples.length > 0) player.play([samples]);
});
at("listen").addEventListener("click", event => event.target.setAttribute("aria-pressed", String(player.switch())));

// Seconds go on between two changes.
let since = 0;
const time = seconds => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
const drawCall = () => {
  if (!shown) return;
  const seconds = shown.phase === "Connected" ? shown.seconds + Math.floor((Date.now() - since) / 1000) : shown.seconds;
  const isTimed = shown.phase === "Connected" || (shown.phase === "Over" && seconds > 0);
  at("call").textContent = isTimed ? `${shown.words} ${time(seconds)}` : shown.words;
};
setInterval(drawCall, 500);

const drawNotes = notes => {
  at("note").hidden = notes.length === 0;
  if (at("note").childElementCount === notes.length) return;
  at("note").replaceChildren(...notes.map(note => {
    const node = make("button", { type: "button", title: `Call ${note.name}`, onclick: () => ask(`dial?number=${encodeURIComponent(note.number)}`) },
      make("b", { textContent: note.name }), make("span", { textContent: note.number }));
    node.dataset.number = note.number;
    return node;
  }));
};

export const drawTelephone = (state, notes) => {
  [shown, since] = [state, Date.now()];
  telephone.dataset.phase = state.phase;
  const lifted = isLifted();
  at("handset").setAttribute("aria-pressed", String(lifted));
  at("handset").lastElementChild.textContent = lifted ? "Put down" : state.phase === "Ringing" ? "Answer" : "Lift";
  at("dialled").textContent = state.phase === "Connected" && state.keys ? state.keys : state.number;
  at("redial").disabled = !state.lastNumber || ["Ringing", "Calling", "RingingThere", "Connected"].includes(state.phase);
  at("redial").title = state.lastNumber ? `Call ${state.lastNumber} again` : "Nobody was called yet";
  at("call-now").disabled = state.phase !== "Dialling" || !state.number;
  at("in-band").checked = state.keysInBand;
  drawNotes(notes);
  drawCall();
  listening.follow(lifted);
};
