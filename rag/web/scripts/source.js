// Brings the highlighted words of a pane to the upper third of its reading frame.
function reveal(pane, smooth) {
  const frame = pane.querySelector(".reading");
  const mark = frame && frame.querySelector("mark");
  if (!mark) return;
  const top = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
  frame.scrollTo({ top: Math.max(0, top - frame.clientHeight / 3), behavior: smooth && !calm() ? "smooth" : "auto" });
}

// Which turn of the conversation a mark or a source belongs to.
const turn_of = (one) => { const turn = one.closest("[data-turn]"); return turn ? turn.dataset.turn : "now"; };

function open_source(button) {
  const key = button.dataset.open, turn = turn_of(button);
  const kept = document.querySelector(`#evidence .kept[data-turn="${turn}"]`);
  const panel = kept && kept.querySelector(".panel");
  const pane = panel && panel.querySelector(`[data-pane="${key}"]`);
  if (!pane) return;
  const fresh = pane.hidden || kept.hidden;
  document.querySelectorAll("#evidence .kept").forEach((one) => { one.hidden = one !== kept; });
  panel.querySelectorAll("[data-pane]").forEach((one) => { one.hidden = one !== pane; });
  document.querySelectorAll("#past [data-open], #answer [data-open], #evidence [data-open]").forEach((one) => {
    if (one.dataset.open === key && turn_of(one) === turn) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
  reveal(pane, !fresh);
  const list = panel.querySelector(".sources"), item = list && list.querySelector("[aria-current]");
  if (item) list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 2 + item.offsetHeight / 2;
  const mark = pane.querySelector("mark");
  if (mark) { mark.classList.remove("flash"); void mark.offsetWidth; mark.classList.add("flash"); }
  if (narrow()) {
    window.pincite_came_from = button;
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }
}

function start_evidence() {
  element.addEventListener("click", (event) => {
    const item = within(event, "[data-open]");
    if (item) open_source(item);
    if (within(event, "[data-back]")) {
      const from = window.pincite_came_from;
      const to = from && from.isConnected ? from : document.querySelector("#answer");
      to.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
      if (to.focus) to.focus({ preventScroll: true });
    }
  });
  watch("value", () => {
    const first = element.querySelector("[data-pane]:not([hidden])");
    if (first) requestAnimationFrame(() => reveal(first, false));
  });
}
