// Marks the one that was chosen among its like, and remembers it as the way back.
function choose(one) {
  element.querySelectorAll("[aria-current]").forEach((other) => { other.removeAttribute("aria-current"); });
  if (one) one.setAttribute("aria-current", "true");
  window.pincite_came_from = one;
}

// Up and down walk from one to the next.
function walk(event, selector) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], here = within(event, selector);
  if (!step || !here) return;
  const all = [...element.querySelectorAll(selector)], next = all[all.indexOf(here) + step];
  if (next) { next.focus(); event.preventDefault(); }
}

function start_finds() {
  named("#query");
  element.addEventListener("click", (event) => {
    const card = within(event, "[data-hit]");
    if (card) { choose(card); trigger("pick", { hit: card.dataset.hit }); }
  });
  element.addEventListener("keydown", (event) => walk(event, "[data-hit]"));
}

function start_timeline() {
  let pressed = "";
  element.addEventListener("click", (event) => {
    const row = within(event, "[data-document]"), bar = within(event, "[data-period]");
    if (row) { choose(row); trigger("pick", { document: row.dataset.document }); }
    if (bar) { pressed = bar.dataset.period; trigger("press", { period: pressed }); }
  });
  element.addEventListener("keydown", (event) => walk(event, "[data-document]"));
  watch("value", () => requestAnimationFrame(() => {
    const bar = pressed && element.querySelector(`[data-period="${pressed}"]`);
    if (bar) bar.focus({ preventScroll: true });
    pressed = "";
  }));
}

// Beside the list, the map and the timeline: the passage that was chosen.
function start_beside() {
  start_evidence();
  watch("value", () => {
    const panel = element.querySelector(".panel:not(.panel--empty)");
    if (!panel || !narrow()) return;
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  });
}
