// The source viewer. A pane fetches what it shows when it is first opened; nothing is drawn for the others.
const DRAWN = [600, 700, 800, 900, 1000, 1200, 1500, 1900, 2400, 2800];
const THUMB = 120;
const FINE = 1.25; // small print is easier to read where it was drawn larger than it is shown
const ZOOMS = [0.5, 0.65, 0.8, 1, 1.25, 1.5, 2, 2.5, 3.2];
const WIDEST_FIT = 1.6;
const filled = (line, values) => line.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const made = (tag, values) => Object.assign(document.createElement(tag), values);

// What is known of a pane once it was opened: its page, zoom, how high each page is, and the boxes by page. A new value
// is put into the elements of the last one, so that what was known of these holds no longer.
let opened = new WeakMap();

const resized = new ResizeObserver((all) => all.forEach(({ target }) => {
  const pane = target.closest(".pane");
  if (opened.has(pane) && target.clientWidth) { draw(pane); to_boxes(pane); }
}));

async function open_pane(pane) {
  if (!pane.dataset.original) { reveal(pane, false); return; }
  if (opened.has(pane)) { show_as(pane, wanted_view()); return; }
  const view = pane.querySelector(".pages");
  const known = { page: view ? +view.dataset.page : 0, zoom: 1, fit: 1, left: 0, heights: [], boxes: new Map() };
  opened.set(pane, known);
  if (view) { show_as(pane, wanted_view()); resized.observe(pane.querySelector(".sheet")); } else reveal(pane, false);
  const { original, start, end } = pane.dataset;
  let place;
  try {
    const reply = await fetch(`${original}/place?start=${start}&end=${end}`);
    place = reply.ok ? await reply.json() : { state: "unshown" };
  } catch { place = { state: "unshown" }; }
  if (opened.get(pane) !== known) return; // another value has come meanwhile
  if (place.state !== "same") { not_shown(pane, place); return; }
  if (!view) return;
  known.heights = place.heights;
  known.left = place.column[0];
  known.fit = Math.min(Math.max(0.92 / (place.column[1] - place.column[0]), 1), WIDEST_FIT);
  known.zoom = known.fit;
  for (const { number, boxes } of place.pages) known.boxes.set(number, boxes);
  if (!place.pages.length && start !== end) tell(pane, "lost");
  show_page(pane, place.pages.length ? place.pages[0].number : known.page, true);
  const drawn = () => { if (opened.get(pane) === known) fill_thumbs(pane); };
  pane.querySelector(".facsimile img").addEventListener("load", drawn, { once: true });
}

const wanted_view = () => window.pincite_view || "page";

function tell(pane, state, why) {
  const line = why || pane.closest(".panel").querySelector(`[data-said="${state}"]`)?.textContent;
  const note = pane.querySelector(".of-file");
  note.textContent = line || "";
  note.hidden = !line;
}

// The file is not what was indexed: its text is, and stays.
function not_shown(pane, place) {
  if (place.state === "away" && !pane.querySelector(".pages")) return;
  tell(pane, place.state === "away" ? "away" : place.why ? "unshown" : place.state, place.why);
  const view = pane.querySelector(".pages");
  if (view) view.classList.add("pages--none");
  show_as(pane, "text");
}

function show_as(pane, how) {
  const view = pane.querySelector(".pages");
  if (!view) { reveal(pane, false); return; }
  const as = view.classList.contains("pages--none") ? "text" : how;
  view.classList.toggle("pages--as-text", as === "text");
  view.querySelectorAll("[data-show]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.show === as)));
  pane.querySelector(".reading").hidden = as !== "text";
  if (as === "text") reveal(pane, false);
  else { draw(pane); to_boxes(pane); }
}

// Draws the page that is open as wide as it is shown; an image that is there already is not fetched again.
function draw(pane) {
  const { page, zoom, heights } = opened.get(pane), facsimile = pane.querySelector(".facsimile"), image = facsimile.querySelector("img");
  const sheet = pane.querySelector(".sheet"), wide = FINE * sheet.clientWidth * zoom * window.devicePixelRatio;
  if (!wide || !heights.length) return;
  facsimile.style.width = `${100 * zoom}%`;
  facsimile.style.aspectRatio = `1 / ${heights[page - 1]}`;
  const width = DRAWN.find((one) => one >= wide) || DRAWN[DRAWN.length - 1];
  const source = `${pane.dataset.original}/pages/${page}?width=${width}`;
  if (image.getAttribute("src") === source) return;
  if (image.dataset.page !== String(page)) image.removeAttribute("src");
  image.dataset.page = page;
  image.src = source;
  image.alt = filled(image.dataset.say, { page, title: image.dataset.title });
}

function show_page(pane, number, first) {
  const known = opened.get(pane), view = pane.querySelector(".pages"), count = +view.dataset.count;
  known.page = Math.min(Math.max(number, 1), count);
  const which = view.querySelector(".which");
  which.textContent = filled(which.dataset.say, { page: known.page, count });
  view.querySelector("[data-turn='-1']").disabled = known.page === 1;
  view.querySelector("[data-turn='1']").disabled = known.page === count;
  draw(pane);
  const boxes = view.querySelector(".boxes"), here = known.boxes.get(known.page) || [];
  boxes.hidden = !here.length;
  boxes.replaceChildren(...here.map(([left, top, width, height]) => {
    const box = made("span", { className: "box" });
    Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    return box;
  }));
  const onward = view.querySelector(".onward"), button = onward.firstElementChild;
  const other = [...known.boxes.keys()].find((page) => page !== known.page);
  onward.hidden = other === undefined || Math.abs(other - known.page) > 1;
  button.textContent = filled(button.dataset.say, { page: other });
  button.dataset.to = other;
  mark_thumb(view, known.page);
  if (here.length) to_boxes(pane);
  else if (!first) pane.querySelector(".sheet").scrollTop = 0;
}

// Brings the boxes to the upper third of the frame.
function to_boxes(pane) {
  const sheet = pane.querySelector(".sheet"), box = pane.querySelector(".box");
  if (!box || pane.querySelector(".boxes").hidden) return;
  const frame = sheet.getBoundingClientRect(), at = box.getBoundingClientRect();
  sheet.scrollTop += at.top - frame.top - sheet.clientHeight / 3;
  sheet.scrollLeft += at.left - frame.left - 24;
  to_column(pane);
}

// Where the width of the text fits, its margins are out of sight.
function to_column(pane) {
  const { zoom, fit, left } = opened.get(pane), sheet = pane.querySelector(".sheet");
  if (zoom === fit) sheet.scrollLeft = (left - 0.04 / fit) * sheet.scrollWidth;
}

function set_zoom(pane, way) {
  const known = opened.get(pane), sheet = pane.querySelector(".sheet");
  const larger = ZOOMS.filter((one) => one > known.zoom + 0.01), smaller = ZOOMS.filter((one) => one < known.zoom - 0.01);
  const next = (way > 0 ? larger[0] : way < 0 ? smaller.pop() : known.fit) || known.zoom;
  const middle = (sheet.scrollTop + sheet.clientHeight / 2) / sheet.scrollHeight;
  const across = (sheet.scrollLeft + sheet.clientWidth / 2) / sheet.scrollWidth;
  known.zoom = next;
  draw(pane);
  sheet.scrollTop = middle * sheet.scrollHeight - sheet.clientHeight / 2;
  sheet.scrollLeft = across * sheet.scrollWidth - sheet.clientWidth / 2;
  to_column(pane);
  pane.querySelector("[data-zoom='-1']").disabled = next === ZOOMS[0];
  pane.querySelector("[data-zoom='1']").disabled = next === ZOOMS[ZOOMS.length - 1];
}

function fill_thumbs(pane) {
  const known = opened.get(pane), list = pane.querySelector(".thumbs");
  const coming = new IntersectionObserver((all) => all.filter((one) => one.isIntersecting).forEach(({ target }) => {
    coming.unobserve(target);
    target.src = target.dataset.later;
  }), { root: list, rootMargin: "0px 120px" });
  list.hidden = known.heights.length < 2;
  list.replaceChildren(...known.heights.map((height, at) => {
    const page = at + 1, cited = known.boxes.has(page);
    const button = made("button", { type: "button", className: cited ? "thumb thumb--cited" : "thumb" });
    button.dataset.to = page;
    button.setAttribute("aria-label", filled(cited ? list.dataset.cited : list.dataset.say, { page }));
    const image = made("img", { alt: "", decoding: "async", width: 44, height: Math.round(44 * height) });
    image.dataset.later = `${pane.dataset.original}/pages/${page}?width=${THUMB}`;
    coming.observe(image);
    const row = made("li", {});
    button.append(image, made("span", { textContent: page }));
    row.append(button);
    return row;
  }));
  mark_thumb(pane.querySelector(".pages"), known.page);
}

function mark_thumb(view, page) {
  const list = view.querySelector(".thumbs");
  list.querySelectorAll("[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  const thumb = list.querySelector(`[data-to="${page}"]`);
  if (!thumb) return;
  thumb.setAttribute("aria-current", "page");
  list.scrollLeft = thumb.offsetLeft - list.offsetLeft - list.clientWidth / 2 + thumb.offsetWidth / 2;
}

// Text comes as markup of ours; of it only these elements are taken over, with a class and a page number.
const TAKEN = new Set(["P", "H3", "SPAN", "MARK", "STRONG", "EM", "CODE", "U", "BUTTON"]);

function taken(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (!TAKEN.has(node.nodeName)) return document.createTextNode(node.textContent);
  const copy = made(node.nodeName, { className: node.className });
  for (const name of ["page", "before", "after"]) if (name in node.dataset) copy.dataset[name] = node.dataset[name];
  if (copy.type === "submit") copy.type = "button";
  copy.append(...[...node.childNodes].map(taken));
  return copy;
}

async function read_on(pane, button) {
  const { original, start, end } = pane.dataset, { before, after } = button.dataset, known = opened.get(pane);
  const frame = pane.querySelector(".reading"), near = frame.querySelector("mark.near") ? "&near=1" : "";
  button.disabled = true;
  try {
    const reply = await fetch(`${original}/text?start=${start}&end=${end}&before=${before}&after=${after}${near}`);
    if (!reply.ok) throw new Error(reply.statusText);
    const sent = new DOMParser().parseFromString(await reply.text(), "text/html").body;
    if (opened.get(pane) !== known) return;
    const up = button === frame.firstElementChild, below = frame.scrollHeight - frame.scrollTop, at = frame.scrollTop;
    frame.replaceChildren(...[...sent.childNodes].map(taken));
    frame.scrollTop = up ? frame.scrollHeight - below : at;
    frame.focus({ preventScroll: true });
  } catch {
    if (opened.get(pane) !== known) return;
    button.disabled = false;
    tell(pane, "changed");
  }
}

function turn_by_key(event, pane) {
  const sheet = within(event, ".sheet");
  if (!sheet || event.ctrlKey || event.metaKey || event.altKey) return;
  const way = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
  const below = sheet.scrollHeight - sheet.clientHeight - sheet.scrollTop;
  if (way !== undefined) set_zoom(pane, way);
  else if (event.key === "PageDown" && below < 2) show_page(pane, opened.get(pane).page + 1);
  else if (event.key === "PageUp" && sheet.scrollTop < 2) show_page(pane, opened.get(pane).page - 1);
  else return;
  event.preventDefault();
}

function start_viewer(root) {
  watch("value", () => { opened = new WeakMap(); });
  root.addEventListener("opened", (event) => open_pane(event.target));
  root.addEventListener("keydown", (event) => {
    const pane = within(event, ".pane");
    if (pane && opened.has(pane)) turn_by_key(event, pane);
  });
  root.addEventListener("click", (event) => {
    const button = within(event, "button"), pane = within(event, ".pane");
    if (!button || !opened.has(pane)) return;
    const { turn, zoom, show, to, before } = button.dataset;
    if (turn) show_page(pane, opened.get(pane).page + +turn);
    if (zoom) set_zoom(pane, +zoom);
    if (to) show_page(pane, +to);
    if (show) { window.pincite_view = show; show_as(pane, show); }
    if (before) read_on(pane, button);
  });
  root.addEventListener("error", (event) => {
    const image = event.target, pane = image.closest && image.closest(".pane");
    if (image.nodeName === "IMG" && pane && image.closest(".facsimile")) not_shown(pane, { state: "unshown" });
  }, true);
}
