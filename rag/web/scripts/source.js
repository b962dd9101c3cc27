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

const open_source = (button) => open_key(button.dataset.open, button);

function open_key(key, button) {
  const turn = turn_of(button);
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
  count_steps(panel);
  if (fresh) pane.dispatchEvent(new Event("opened", { bubbles: true }));
  else reveal(pane, true);
  const list = panel.querySelector(".sources"), item = list && list.querySelector("[aria-current]");
  if (item) list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 2 + item.offsetHeight / 2;
  const mark = pane.querySelector("mark");
  if (mark) { mark.classList.remove("flash"); void mark.offsetWidth; mark.classList.add("flash"); }
  if (narrow() && !panel.contains(button)) {
    window.pincite_came_from = button;
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }
}

const panes_of = (panel) => [...panel.querySelectorAll("[data-pane]")];

function step_source(button) {
  const all = panes_of(button.closest(".panel"));
  const next = all[all.findIndex((pane) => !pane.hidden) + +button.dataset.step];
  if (next) open_key(next.dataset.pane, button);
}

function count_steps(panel) {
  const steps = panel.querySelector(".steps"), all = panes_of(panel);
  if (!steps) return;
  const at = all.findIndex((pane) => !pane.hidden), said = steps.querySelector("[data-say]");
  said.textContent = said.dataset.say.replace("{number}", at + 1).replace("{count}", all.length);
  steps.querySelector("[data-step='-1']").disabled = at === 0;
  steps.querySelector("[data-step='1']").disabled = at === all.length - 1;
}

function start_evidence() {
  start_viewer(element);
  element.addEventListener("click", (event) => {
    const item = within(event, "[data-open]"), step = within(event, "[data-step]");
    if (item) open_source(item);
    if (step) step_source(step);
    if (within(event, "[data-back]")) {
      const from = window.pincite_came_from;
      const to = from && from.isConnected ? from : document.querySelector("#answer");
      to.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
      if (to.focus) to.focus({ preventScroll: true });
    }
  });
  const first = () => {
    element.querySelectorAll(".panel").forEach(count_steps);
    const pane = element.querySelector(".kept:not([hidden]) [data-pane]:not([hidden])");
    if (pane) pane.dispatchEvent(new Event("opened", { bubbles: true }));
  };
  watch("value", () => requestAnimationFrame(first));
}
