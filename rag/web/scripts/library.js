function start_documents() {
  const sure = (row, yes) => {
    row.querySelector("[data-ask]").hidden = yes;
    row.querySelector(".sure").hidden = !yes;
    row.querySelector(yes ? "[data-remove]" : "[data-ask]").focus();
  };
  element.addEventListener("click", (event) => {
    if (within(event, "[data-examples]")) { within(event, "[data-examples]").disabled = true; trigger("examples"); }
    const row = within(event, ".document");
    if (!row) return;
    const title = within(event, "[data-read]");
    if (title) trigger("read", { source: title.dataset.read });
    if (within(event, "[data-ask]")) sure(row, true);
    if (within(event, "[data-keep]")) sure(row, false);
    const chosen = within(event, "[data-remove]");
    if (chosen) { chosen.disabled = true; trigger("remove", { source: chosen.dataset.remove }); }
  });
  element.addEventListener("keydown", (event) => {
    const row = within(event, ".sure") && within(event, ".document");
    if (row && event.key === "Escape") sure(row, false);
  });
}

function start_ledger() {
  element.addEventListener("click", (event) => {
    const forget = within(event, "[data-forget]"), again = within(event, "[data-retry]");
    if (forget) { forget.disabled = true; trigger("remove", { source: forget.dataset.forget }); }
    if (again) trigger("retry", { source: again.dataset.retry, password: "" });
  });
  element.addEventListener("submit", (event) => {
    const form = within(event, ".password"), field = form.querySelector("input");
    event.preventDefault();
    trigger("retry", { source: form.dataset.source, password: field.value });
    field.value = "";
  });
}

function start_told() {
  element.addEventListener("click", (event) => {
    const undo = within(event, "[data-undo]");
    if (undo) { undo.disabled = true; trigger("undo", { name: undo.dataset.undo }); }
  });
  // What was removed took the focus with it; the way back is the natural next place.
  watch("value", () => {
    const undo = element.querySelector("[data-undo]");
    if (undo && document.activeElement === document.body) undo.focus();
  });
}

function start_intake() {
  element.addEventListener("click", (event) => {
    if (within(event, "[data-cancel]")) document.dispatchEvent(new CustomEvent("pincite:cancel"));
    if (within(event, "[data-clear]")) trigger("clear");
  });
  // How many are done is to be seen all the time, but told only at the beginning and the end.
  let told = "";
  watch("value", () => {
    const shown = element.querySelector(".intake"), busy = shown ? shown.dataset.busy : "";
    if (busy && busy !== told) say(shown.querySelector(".sum p").textContent);
    told = busy;
  });
}

function start_paper() {
  watch("value", () => {
    const paper = element.querySelector("dialog");
    if (paper && !paper.open) paper.showModal();
  });
  element.addEventListener("click", (event) => {
    if (within(event, "[data-close]") || event.target.matches("dialog")) element.querySelector("dialog").close();
  });
}
