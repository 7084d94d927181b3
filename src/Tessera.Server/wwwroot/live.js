// Keeps parts of the page as the server sees them: on every event a part is fetched again and replaced.
for (const part of document.querySelectorAll("[data-live]")) {
  let busy = false;
  let again = false;
  let lost = false;

  const ticket = () => part.querySelector("[name=ticket]")?.value;

  // What was typed stays where the same question is asked again.
  const replace = html => {
    const before = ticket();
    const typed = part.querySelector("#answer")?.value;
    const focused = document.activeElement?.id;
    part.innerHTML = html;
    if (typed && before === ticket()) part.querySelector("#answer").value = typed;
    if (focused) document.getElementById(focused)?.focus();
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
      if (answer.ok) replace(await answer.text());
      else location.reload();
    } catch {
      lost = true;
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };

  // A page that nobody sees listens to nothing: a browser has few connections for all pages of a server.
  let events;
  const listen = () => {
    const source = events = new EventSource(part.dataset.events);
    source.addEventListener("changed", refresh);
    source.addEventListener("open", () => { if (lost) location.reload(); });
    source.addEventListener("error", () => {
      lost = true;
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (source === events) listen(); }, 1000);
    });
  };

  document.addEventListener("visibilitychange", () => {
    events?.close();
    events = null;
    if (!document.hidden) listen();
  });

  part.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches("[data-inline]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } finally {
      refresh();
    }
  });

  if (!document.hidden) listen();
}
