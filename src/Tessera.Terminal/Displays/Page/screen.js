// Draws what the terminal shows and sends back what the holder does. A PIN leaves this page only for its own terminal.
const token = document.querySelector("meta[name=token]").content;
const screen = document.getElementById("screen");
let typed = "";
let shown = null;

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter(child => child !== null));
  return node;
};

// One after the other, as the keys were pressed: requests of a browser may overtake each other.
let sending = Promise.resolve();
const post = (path, query, body = "") => {
  const address = `${path}?${new URLSearchParams({ ask: shown.ask, ...query })}`;
  const request = { method: "POST", headers: { "X-Tessera-Token": token, "Content-Type": "text/plain" }, body };
  const sent = sending.then(() => fetch(address, request));
  sending = sent.catch(() => {});
  return sent;
};

const enter = async () => {
  const body = typed;
  typed = "";
  await post("/entry", {}, body);
};

const cancel = () => { typed = ""; return post("/cancel", {}); };

const button = (text, press, props = {}) => make("button", { type: "button", textContent: text, onclick: press, ...props });
const cancelKey = () => button("Cancel", cancel, { id: "cancel" });
const keys = (...buttons) => make("div", { className: buttons.length === 1 ? "keys one" : "keys" }, ...buttons);

const payment = pay => pay && make("div", { className: "pay" },
  make("div", { className: "amount", textContent: `${pay.amount} ${pay.currency}` }),
  make("div", { className: "item", textContent: pay.item }));

const status = idle => make("div", { className: "status" },
  make("b", { textContent: idle.name }),
  make("span", {}, make("span", { className: idle.connected ? "dot on" : "dot" }), idle.connected ? "Connected" : "No connection"),
  make("span", {}, make("span", { className: idle.card ? "dot on" : "dot" }), idle.card ? "Card in" : "No card"));

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "OK"];

// A number pad that fills a field the page never shows in clear when it is hidden.
const pad = (field, most, complete, submit) => {
  const show = () => { field.show(); ok.disabled = !complete(); };
  const ok = button("OK", submit, { className: "go", id: "ok" });
  const press = digit => {
    if (digit === "⌫") typed = typed.slice(0, -1);
    else if (typed.length < most) typed += digit;
    show();
  };
  document.onkeydown = event => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.activeElement?.id === "cancel") return;
    if (event.key >= "0" && event.key <= "9" && event.key.length === 1) press(event.key);
    else if (event.key === "Backspace") press("⌫");
    else if (event.key === "Enter") { event.preventDefault(); if (complete()) submit(); }
    else if (event.key === "Escape") cancel();
  };
  const grid = make("div", { className: "pad" }, ...digits.map(digit => digit === "OK" ? ok : button(digit, () => press(digit))));
  show();
  return grid;
};

const field = text => {
  const node = make("div", { className: "typed", role: "status" });
  return { node, show: () => { node.textContent = text(); } };
};

const drawSecret = (request, parts) => {
  const hidden = field(() => "•".repeat(typed.length) || " ");
  parts.push(payment(request.payment), make("h1", { textContent: request.payment ? "Enter your PIN to pay" : request.text }), hidden.node,
    pad(hidden, request.most, () => typed.length >= request.least, enter), keys(cancelKey()));
};

const drawAmount = (request, parts) => {
  const amount = field(() => (Number(typed || 0) / 100).toFixed(2));
  parts.push(make("h1", { textContent: request.text }), amount.node,
    pad(amount, request.most, () => Number(typed) > 0, enter), keys(cancelKey()));
};

const drawTyping = (request, parts) => {
  const input = make("input", { className: "typed", id: "typed", value: typed, maxLength: request.most, autocomplete: "off", inputMode: request.digits ? "numeric" : "text" });
  const go = button("OK", enter, { className: "go", disabled: typed.length < request.least });
  input.oninput = () => { typed = input.value; go.disabled = typed.length < request.least; };
  input.onkeydown = event => { if (event.key === "Enter" && !go.disabled) enter(); };
  parts.push(make("p", { textContent: request.text }), input, keys(cancelKey(), go));
};

const drawIdle = (idle, parts) => {
  if (idle.trouble) {
    parts.push(make("h1", { textContent: "Out of order" }), make("p", { className: "soft", id: "trouble", textContent: idle.trouble }));
    return;
  }
  parts.push(make("h1", { textContent: idle.words?.headline ?? (idle.card ? "Ready" : "Insert your card") }));
  if (idle.words?.detail) parts.push(make("p", { className: "soft", textContent: idle.words.detail }));
  if (idle.code) {
    parts.push(make("p", { className: "soft", textContent: `To use this terminal in the browser, enter this code${idle.page ? ` at ${idle.page}` : " there"}:` }),
      make("div", { className: "code", id: "code", textContent: idle.code }));
  }
  parts.push(make("p", { className: "soft", textContent: "What you confirm is shown here. Your PIN goes from these keys to your card, nowhere else." }));
};

const menuKey = state => state.menu && (state.kind === "idle" || state.kind === "text" || state.kind === "keypad")
  ? keys(button(state.menu, () => post("/menu", {}), { id: "menu" })) : null;

const drawKeypad = state => {
  const key = (text, name, className = "") => button(text, () => post("/key", { key: name }), { className });
  return make("div", { className: "device keypad" },
    make("div", { className: state.lines[0].length > 16 ? "lcd wide" : "lcd", id: "lcd", textContent: state.lines.join("\n") }),
    make("div", { className: "pad" },
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit => key(digit, `Digit${digit}`)),
      key("▲", "Up"), key("0", "Digit0"), key("▼", "Down"), key("C", "Clear", "clear"),
      state.dataKey ? Object.assign(key("DATA", "Data", "data"), { id: "data" }) : make("span"), key("OK", "Ok", "ok")));
};

const draw = state => {
  document.onkeydown = null;
  if (state.ask !== shown?.ask) typed = "";
  shown = state;
  if (state.kind === "keypad") {
    screen.replaceChildren(...[drawKeypad(state), menuKey(state)].filter(part => part));
    return;
  }

  const parts = [status(state.idle)];
  const request = state.request;
  switch (state.kind) {
    case "text":
      parts.push(make("p", { id: "text", textContent: request.text }));
      if (request.waits) parts.push(keys(cancelKey(), button("OK", () => post("/ok", {}), { className: "go", id: "ok" })));
      break;
    case "list":
      parts.push(make("h1", { textContent: request.title }), make("div", { className: "list" },
        ...request.items.map((item, place) => button(item, () => post("/choice", { place })))), keys(cancelKey()));
      break;
    case "typing": drawTyping(request, parts); break;
    case "amount": drawAmount(request, parts); break;
    case "secret": drawSecret(request, parts); break;
    case "decision":
      parts.push(payment(request.payment), make("h1", { textContent: request.payment ? "Pay this?" : request.text }),
        keys(button("No", () => post("/decision", { yes: false })), button("Yes", () => post("/decision", { yes: true }), { className: "go", id: "ok" })));
      break;
    default: drawIdle(state.idle, parts);
  }
  parts.push(menuKey(state));
  screen.replaceChildren(make("div", { className: "device" }, ...parts.filter(part => part)));
  document.getElementById("typed")?.focus();
};

let fetching = false;
let stale = false;
const refresh = async () => {
  if (fetching) { stale = true; return; }
  fetching = true;
  try {
    do {
      stale = false;
      const answer = await fetch("/state", { headers: { "X-Tessera-Token": token } });
      if (answer.status === 403) location.reload(); // The terminal was started again: its page has another token.
      if (!answer.ok) return;
      const state = await answer.json();
      if (state.number !== shown?.number) draw(state);
    } while (stale);
  } catch {
    gone();
  } finally {
    fetching = false;
  }
};

// Nothing that was shown counts any more when the terminal does not answer.
const gone = () => {
  typed = "";
  shown = null;
  document.onkeydown = null;
  screen.replaceChildren(make("div", { className: "device" }, make("h1", { textContent: "The terminal is switched off" })));
};

const listen = () => {
  const events = new EventSource(`/events?token=${token}`);
  events.addEventListener("changed", refresh);
  events.addEventListener("open", refresh);
  events.addEventListener("error", () => {
    gone();
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
  });
};

listen();
