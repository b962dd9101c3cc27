async function copied(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const done = button.dataset.copied, label = button.getAttribute("aria-label"), before = button.textContent;
  say(done);
  if (label === done) return;
  const shows = (name, text) => { button.setAttribute("aria-label", name); button.textContent = text; };
  shows(done, done);
  setTimeout(shows, 1600, label, before);
}

// The address of the page with the answer that it shows, so that it can be kept and opened again.
function addressed(query) {
  const here = new URL(window.location.href), link = new URLSearchParams(query || "");
  if (!link.has("answer")) here.searchParams.delete("answer");
  link.forEach((value, name) => here.searchParams.set(name, value));
  return here;
}

// The citations of the answer that `from` belongs to, each at its first mark, in reading order.
function citations(from) {
  const turn = turn_of(from), seen = new Map();
  const root = turn === "now" ? document.querySelector("#answer") : document.querySelector(`#past [data-turn="${turn}"]`);
  root.querySelectorAll("[data-open]").forEach((one) => {
    if (!seen.has(one.dataset.open)) seen.set(one.dataset.open, one);
  });
  return seen;
}

const current_citation = () => document.querySelector("#answer [data-open][aria-current], #past [data-open][aria-current]");

function walk(by) {
  const focused = document.activeElement.closest("#answer [data-open], #past [data-open]");
  const from = focused || current_citation();
  if (!from) return false;
  const all = citations(from), keys = [...all.keys()];
  const next = all.get(keys[keys.indexOf(from.dataset.open) + by]);
  if (!next) return true;
  open_source(next);
  if (!narrow()) {
    next.focus({ preventScroll: true, focusVisible: true });
    next.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  }
  return true;
}

// Back from a card or a source to the mark in the answer.
function go_back() {
  if (peeking().card) { hide_peek(); return true; }
  if (!document.activeElement.closest("#evidence")) return false;
  const mark = current_citation();
  if (!mark) return false;
  mark.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  mark.focus({ preventScroll: true, focusVisible: true });
  hide_peek();
  return true;
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const room = document.querySelector("#desk"), at = event.target;
  if (!room || !room.checkVisibility()) return;
  const asks_on = at.closest("#question") && at.value === "" && (event.key === "ArrowLeft" || event.key === "ArrowRight");
  const writes = !asks_on && at.closest("input, textarea, select, [contenteditable], [role=listbox], [role=tablist]");
  if (event.key === "Escape") {
    if (!writes && go_back()) event.preventDefault();
    else if (writes) hide_peek();
    return;
  }
  if (writes) return;
  if (event.key === "/") {
    if (!at.closest("#answer, #past, #evidence")) return;  // a sign of its own means nothing elsewhere (WCAG 2.1.4)
    document.querySelector("#question textarea").focus();
    event.preventDefault();
  } else if (event.key in STEPS) {
    const upright = event.key === "ArrowUp" || event.key === "ArrowDown";
    if (upright && !at.closest("[data-open]")) return;
    const sideways = at.closest("#evidence *");
    if (!upright && sideways && scrolls(sideways)) return;
    if (walk(STEPS[event.key])) event.preventDefault();
  }
}

// Whether the arrow keys already move what has the focus to the side.
function scrolls(one) {
  return one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible";
}

function start_welcome() {
  element.addEventListener("click", (event) => {
    const chip = within(event, "[data-question]");
    if (chip) trigger("pick", { question: chip.dataset.question });
    if (within(event, "[data-room]")) trigger("room");
  });
}

function start_past() {
  start_judging();
  start_peeks(element);
  element.addEventListener("click", (event) => {
    const mark = within(event, "[data-open]");
    if (mark) open_source(mark);
  });
  watch("value", () => {
    hide_peek();
    if (!element.querySelector(".turn")) return;
    requestAnimationFrame(() => document.querySelector("#question").scrollIntoView({ block: "start" }));
  });
}

function start_afresh() {
  element.addEventListener("click", (event) => {
    if (!within(event, "[data-new]")) return;
    trigger("start");
    document.querySelector("#question textarea").focus();
  });
}

function start_answer() {
  named("#question");
  element.tabIndex = -1;  // so that a click into the answer makes its keys work
  start_judging();
  start_peeks(element);
  if (!window.pincite_keys) {
    window.pincite_keys = true;
    document.addEventListener("keydown", pressed);
  }
  element.addEventListener("click", (event) => {
    const mark = within(event, "[data-open]"), copy = within(event, "[data-copy]"), link = within(event, "[data-copy-link]");
    if (mark) open_source(mark);
    if (copy) copied(copy.nextElementSibling.textContent, copy);
    if (link) copied(addressed(link.dataset.copyLink).href, link);
  });
  watch("value", () => {
    hide_peek();
    const shown = element.querySelector("section");
    if (shown && shown.dataset.say) say(shown.dataset.say);
    if (!shown || shown.matches("[data-done]")) window.history.replaceState(null, "", addressed(shown && shown.dataset.link));
    if (shown && shown.matches("[data-stopped]") && !document.activeElement.matches("input, textarea")) {
      document.querySelector("#question textarea").focus();
    }
  });
}
