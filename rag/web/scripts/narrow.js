function start_narrow(room = "") {
  const details = () => element.querySelector("details");
  const library_of = () => (details() ? details().dataset.library : "");
  let library = library_of(), kinds = new Set(), open = false;
  const boxes = () => [...element.querySelectorAll("[name=kind]")];
  const day = (name) => element.querySelector(`[name=${name}]`);
  const tell = () => {
    const box = document.querySelector(`#wanted${room} :is(textarea, input)`);
    box.value = JSON.stringify({ kinds: [...kinds], first: day("first").value, last: day("last").value });
    box.dispatchEvent(new Event("input", { bubbles: true }));
    trigger("narrow", { wanted: box.value });
  };
  const clear = () => {
    kinds = new Set();
    boxes().forEach((box) => { box.checked = false; });
    for (const name of ["first", "last"]) if (day(name)) day(name).value = "";
  };
  element.addEventListener("change", () => {
    kinds = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    tell();
  });
  const shut = (event) => {
    if (open && !element.contains(event.target)) details().open = false;
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    details().open = false;
    element.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", shut);
  element.addEventListener("toggle", (event) => { open = event.target.open; }, true);
  document.addEventListener(`pincite:widen${room}`, clear);
  // The page puts other kinds into the same boxes, so they are ticked anew.
  watch("value", () => {
    if (details()) details().open = open;
    if (library_of() !== library) clear();
    library = library_of();
    const there = boxes().filter((box) => (box.checked = kinds.has(box.value)));
    if (there.length < kinds.size) { kinds = new Set(there.map((box) => box.value)); tell(); }
  });
}

function start_remaining(room = "") {
  element.addEventListener("click", (event) => {
    if (!within(event, "[data-widen]")) return;
    document.dispatchEvent(new CustomEvent(`pincite:widen${room}`));
    trigger("widen");
    document.querySelector(`#narrow${room} summary`).focus();
  });
}

// The same controls where one looks around.
function start_narrow_explore() { start_narrow("_explore"); }
function start_remaining_explore() { start_remaining("_explore"); }
