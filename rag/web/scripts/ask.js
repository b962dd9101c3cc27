async function copy_notes(button) {
  const text = button.parentElement.querySelector(".footnotes").textContent;
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
  const label = button.querySelector("span");
  const before = label.textContent;
  if (before === button.dataset.done) return;
  label.textContent = button.dataset.done;
  setTimeout(() => { label.textContent = before; }, 1600);
}

function start_welcome() {
  element.addEventListener("click", (event) => {
    const chip = within(event, "[data-question]");
    if (chip) trigger("pick", { question: chip.dataset.question });
    if (within(event, "[data-room]")) trigger("room");
  });
}

function start_past() {
  element.addEventListener("click", (event) => {
    const mark = within(event, "[data-open]");
    if (mark) open_source(mark);
  });
  watch("value", () => {
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
  element.addEventListener("click", (event) => {
    const mark = within(event, "[data-open]");
    if (mark) open_source(mark);
    const copy = within(event, "[data-copy]");
    if (copy) copy_notes(copy);
  });
}
