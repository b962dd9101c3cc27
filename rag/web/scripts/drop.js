// Files and folders that are dropped or chosen are sent one after another, and told to the room in small parcels.
const PARCEL = { files: 12, bytes: 24e6 };
const OF_NO_USE = /^(image|video|audio|font)\//;

// The files under a dropped entry, with the folders above them; hidden ones are left where they are.
async function files_under(entry, above = "") {
  if (entry.name.startsWith(".")) return [];
  const name = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise((done) => entry.file(done, () => done(null)));
    return [{ file, name, nested: above !== "" }];
  }
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return found;
    for (const one of some) found.push(...await files_under(one, `${name}/`));
  }
}

function chosen_files(list) {
  return [...list].map((file) => ({ file, name: file.webkitRelativePath || file.name, nested: !!file.webkitRelativePath }))
    .filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")));
}

function start_drop() {
  const one = (selector) => element.querySelector(selector);
  const zone = one(".zone"), input = one("input[type=file]"), limit = Number(zone.dataset.limit) || Infinity;
  const waiting = [];
  let sent = 0, total = 0, running = false, left_out = 0, parcel = [], round = 0;

  const tell = () => {
    one(".sending").hidden = !running;
    one(".sending progress").value = total ? sent / total : 0;
    one(".sending p").textContent = running
      ? zone.dataset.sending.replace("{done}", sent + 1).replace("{total}", total) : "";
  };
  // Whatever has not been handed over yet is dropped, also a file that is just arriving.
  const stop = () => { waiting.length = 0; parcel = []; round += 1; };

  async function send_all() {
    let refused = [], bytes = 0;
    const hand_over = () => {
      if (parcel.length || refused.length || left_out) trigger("take", { files: parcel, refused, left_out });
      parcel = []; refused = []; bytes = 0; left_out = 0;
    };
    while (waiting.length) {
      const { file, name } = waiting.shift(), mine = round;
      tell();
      if (!file) refused.push({ name, why: "unsent" });
      else if (file.size > limit) refused.push({ name, why: "too_large" });
      else {
        try {
          const { path } = await upload(file);
          if (mine !== round) break;
          parcel.push({ name, path });
          bytes += file.size;
        } catch {
          refused.push({ name, why: "unsent" });
        }
      }
      sent += 1;
      if (parcel.length + refused.length >= PARCEL.files || bytes >= PARCEL.bytes) hand_over();
    }
    hand_over();
  }

  async function take(files) {
    const useful = files.filter(({ file, nested }) => !(nested && file && OF_NO_USE.test(file.type)));
    left_out += files.length - useful.length;
    useful.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    waiting.push(...useful);
    total += useful.length;
    if (running) return;
    running = true;
    try { await send_all(); } finally { running = false; sent = 0; total = 0; tell(); }
  }

  element.addEventListener("click", (event) => {
    if (within(event, "[data-files]")) input.click();
    if (within(event, "[data-folder]")) {
      const folder = Object.assign(document.createElement("input"), { type: "file", webkitdirectory: true });
      folder.addEventListener("change", () => take(chosen_files(folder.files)));
      folder.click();
    }
    if (within(event, "[data-stop]")) document.dispatchEvent(new CustomEvent("pincite:cancel"));
  });
  input.addEventListener("change", () => {
    const files = chosen_files(input.files);
    input.value = "";
    take(files);
  });
  for (const name of ["dragenter", "dragover"]) {
    element.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("zone--over"); });
  }
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(event.relatedTarget)) zone.classList.remove("zone--over");
  });
  element.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("zone--over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (!entries.some(Boolean)) { take(chosen_files(event.dataTransfer.files)); return; }
    const found = await Promise.all(entries.filter(Boolean).map((entry) => files_under(entry)));
    take(found.flat());
  });
  document.addEventListener("pincite:cancel", () => { stop(); trigger("cancel"); });
}
