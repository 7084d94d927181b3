// What the pages of the lab have in common: their token, parts of a page, and how they follow what they show.
export const token = document.querySelector("meta[name=token]").content;
export const headers = { "X-Tessera-Token": token };
export const at = id => document.getElementById(id);

export const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

export const button = (text, id, act, pressed) => {
  const node = make("button", { type: "button", textContent: text, id, onclick: act });
  if (pressed !== undefined) node.setAttribute("aria-pressed", String(pressed));
  return node;
};

export const post = (path, body) => fetch(path, {
  method: "POST",
  headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}) },
  body: body && JSON.stringify(body),
});

// Draws the state now and after every change; tells when nobody answers any more.
export const live = (draw, gone) => {
  let fetching = false;
  let stale = false;

  const refresh = async () => {
    if (fetching) { stale = true; return; }
    fetching = true;
    try {
      do {
        stale = false;
        const answer = await fetch("/state", { headers });
        if (answer.status === 403) location.reload(); // It was started again: its page has another token.
        if (!answer.ok) return;
        await draw(await answer.json());
      } while (stale);
    } catch {
      gone();
    } finally {
      fetching = false;
    }
  };

  const events = new EventSource(`/events?token=${token}`);
  events.addEventListener("changed", refresh);
  events.addEventListener("open", refresh);
  events.addEventListener("error", () => {
    gone();
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
  });
};
