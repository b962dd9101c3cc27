function start_preferences() {
  const other = () => element.querySelector("[data-other]");
  const mark = () => {
    for (const one of element.querySelectorAll('[data-set="theme"]')) one.checked = one.value === theme.chosen();
  };
  const send = (field, value) => trigger("choose", { field, value });
  const name = () => {
    const typed = other().value.trim();
    if (typed) send("model", typed);
  };
  let last = "";
  mark();
  // A model that was typed in stands in the list from then on; the list is drawn anew, and keeps the focus.
  watch("value", () => requestAnimationFrame(() => {
    mark();
    if (last && document.activeElement === document.body) element.querySelector(`#${last}`)?.focus();
  }));
  element.addEventListener("change", (event) => {
    const field = event.target.dataset.set;
    last = event.target.matches("[data-other]") ? "set-model" : event.target.id;
    if (event.target.matches("[data-other]")) return name();
    if (!field) return;
    const { value } = event.target;
    if (field === "theme") return theme.choose(value);
    if (field === "model" && other()) {
      other().hidden = value !== "other";
      if (value === "other") return other().focus();
    }
    send(field, value);
  });
  element.addEventListener("input", (event) => {
    const told = event.target.matches("[type=range]") && event.target.parentElement.querySelector("output");
    if (told) told.textContent = `${event.target.value}%`;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-other]")) { event.preventDefault(); event.target.blur(); }
  });
}

function start_wishes() {
  watch("value", () => requestAnimationFrame(() => {
    if (element.querySelector(".told")) document.activeElement.scrollIntoView({ block: "nearest" });
    const told = element.querySelector("[data-field]");
    const field = told && document.getElementById(`set-${told.dataset.field}`);
    if (!field) return;
    field.value = told.dataset.value;
    const shown = field.parentElement.querySelector("output");
    if (shown) shown.textContent = `${field.value}%`;
  }));
  element.addEventListener("click", (event) => {
    if (within(event, "[data-back]")) trigger("back");
  });
}
