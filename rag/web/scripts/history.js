// The list of past conversations, which lies over the page, and the thumbs under each answer.
const sheet = () => document.querySelector("#history");
const opener = () => document.querySelector("#recall [data-recall]");

function show_history(open) {
  if (open) sheet().dataset.open = "";
  else delete sheet().dataset.open;
  opener().setAttribute("aria-expanded", String(open));
}

function shut_history() {
  show_history(false);
  opener().focus();
}

function start_recall() {
  element.addEventListener("click", (event) => {
    if (!within(event, "[data-recall]")) return;
    const open = !("open" in sheet().dataset);
    show_history(open);
    if (!open) return;
    const field = document.querySelector("#finder input");
    field.value = "";
    trigger("look");
    requestAnimationFrame(() => document.querySelector("#finder [data-shut]").focus());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !("open" in sheet().dataset) || event.defaultPrevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    shut_history();
  }, true);
  for (const kind of ["pointerdown", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if ("open" in sheet().dataset && !event.target.closest("#history, #recall")) show_history(false);
    });
  }
}

function start_finder() {
  let waiting;
  sheet().setAttribute("role", "dialog");
  sheet().setAttribute("aria-labelledby", "history-title");
  element.addEventListener("click", (event) => { if (within(event, "[data-shut]")) shut_history(); });
  element.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => trigger("find", { words: event.target.value }), 250);
  });
}

function start_conversations() {
  const part = (row, name) => {
    row.querySelectorAll(".row, .sure, .naming").forEach((one) => { one.hidden = !one.classList.contains(name); });
  };
  const save = (row) => trigger("rename", { id: row.dataset.conversation, title: row.querySelector("input").value });
  element.addEventListener("click", (event) => {
    const row = within(event, ".conversation");
    if (!row) return;
    const id = row.dataset.conversation;
    if (within(event, "[data-reopen]")) { trigger("reopen", { id }); shut_history(); }
    if (within(event, "[data-rename]")) { part(row, "naming"); row.querySelector("input").select(); }
    if (within(event, "[data-named]")) save(row);
    if (within(event, "[data-ask]")) { part(row, "sure"); row.querySelector(".sure [data-keep]").focus(); }
    const keep = within(event, "[data-keep]");
    if (keep) {
      part(row, "row");
      row.querySelector(keep.closest(".sure") ? "[data-ask]" : "[data-rename]").focus();
    }
    const gone = within(event, "[data-forget]");
    if (gone) { gone.disabled = true; trigger("forget", { id }); }
  });
  element.addEventListener("keydown", (event) => {
    const row = within(event, ".conversation");
    if (row && event.key === "Enter" && event.target.matches("input")) save(row);
  });
  watch("value", () => {
    const many = element.querySelector(".shelf[data-many]") !== null;
    document.querySelector("#finder").toggleAttribute("data-many", many);
    if ("open" in sheet().dataset && document.activeElement === document.body) opener_or_first().focus();
  });
  const opener_or_first = () => element.querySelector("[data-reopen]") || document.querySelector("#finder [data-shut]");
}

// Thumbs: for each part in which answers stand; `trigger` is that part's own.
function start_judging() {
  const tell = (group, noted) => {
    const pressed = group.querySelector('[aria-pressed="true"]');
    trigger("judge", {
      answer: group.dataset.answer, verdict: pressed ? pressed.dataset.judge : "", noted,
      note: group.querySelector("textarea").value,
    });
  };
  element.addEventListener("click", (event) => {
    const group = within(event, ".judging");
    if (!group) return;
    const thumb = within(event, "[data-judge]");
    if (thumb) {
      const now = thumb.getAttribute("aria-pressed") !== "true";
      group.querySelectorAll("[data-judge]").forEach((one) => one.setAttribute("aria-pressed", String(one === thumb && now)));
      group.querySelector(".reasoning").hidden = !now;
      tell(group, false);
    }
    if (within(event, "[data-note]")) tell(group, true);
  });
  // What is being written stays with its answer while others come, and goes where its box is given to another answer.
  const writing = new WeakMap();
  watch("value", () => element.querySelectorAll(".judging textarea").forEach((box) => {
    const { answer } = box.closest(".judging").dataset;
    if (writing.get(box) !== answer) box.value = box.defaultValue;
    writing.set(box, answer);
  }));
}

function start_heard() {
  watch("value", () => {
    const heard = element.querySelector("[data-answer]");
    const group = heard && document.querySelector(`.judging[data-answer="${CSS.escape(heard.dataset.answer)}"]`);
    if (group) group.querySelector(".heard").textContent = heard.textContent;
  });
}
