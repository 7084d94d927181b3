// Keeps a part of the page as the server sees it: on every event the part is fetched again and replaced.
const part = document.querySelector("[data-live]");

if (part) {
  let busy = false;
  let again = false;

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const focused = document.activeElement?.id;
        part.innerHTML = await answer.text();
        if (focused) document.getElementById(focused)?.focus();
      }
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };

  const events = new EventSource(part.dataset.events);
  events.addEventListener("changed", refresh);
  events.addEventListener("open", refresh);

  part.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches("[data-inline]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    await fetch(form.action, { method: "POST", body });
    refresh();
  });
}
