// The cards of marks and of underlined words: shown on hovering and on focus, hoverable themselves, closed by Escape.
const PEEK_AFTER = 120, PEEK_GRACE = 220, PEEK_GAP = 8;

function place_peek(card, from) {
  const mark = from.getClientRects()[0] || from.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const roomy = window.innerWidth - width - PEEK_GAP;
  const below = mark.bottom + PEEK_GAP + height <= window.innerHeight || mark.top < height + PEEK_GAP;
  card.style.left = `${Math.max(PEEK_GAP, Math.min(mark.left + mark.width / 2 - width / 2, roomy))}px`;
  card.style.top = `${Math.max(PEEK_GAP, below ? mark.bottom + PEEK_GAP : mark.top - height - PEEK_GAP)}px`;
}

// The card that is open, and the timer of what comes next; shared by all parts of the page.
const peeking = () => (window.pincite_peek ||= { card: null, from: null, timer: 0 });

function close_peek() {
  const now = peeking();
  if (now.card && now.card.isConnected && now.card.matches(":popover-open")) now.card.hidePopover();
  now.card = now.from = null;
}

function hide_peek() {
  clearTimeout(peeking().timer);
  close_peek();
}

function show_peek(from) {
  const now = peeking(), card = document.getElementById(from.dataset.peek);
  clearTimeout(now.timer);
  if (now.card === card || !card || !card.showPopover) return;
  hide_peek();
  card.showPopover();
  now.card = card;
  now.from = from;
  place_peek(card, from);
}

function later_peek(act, wait) {
  const now = peeking();
  clearTimeout(now.timer);
  now.timer = setTimeout(act, wait);
}

// What scrolls away from the pointer takes its card along; one shown by focus follows.
function follow_peek(event) {
  const { card, from } = peeking();
  if (!card || card.contains(event.target)) return;
  const at = from.isConnected && from === document.activeElement && from.getBoundingClientRect();
  if (!at || at.bottom < 0 || at.top > window.innerHeight) close_peek();
  else place_peek(card, from);
}

function start_peeks(element) {
  const of = (event) => within(event, "[data-peek]"), inside = (event) => within(event, ".peek");
  element.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const from = of(event);
    if (from) later_peek(() => show_peek(from), PEEK_AFTER);
    else if (inside(event)) clearTimeout(peeking().timer);
  });
  element.addEventListener("pointerout", (event) => {
    const from = of(event);
    if (!from && !inside(event)) return;
    if (from && from === document.activeElement && from.matches(":focus-visible")) return clearTimeout(peeking().timer);
    later_peek(hide_peek, PEEK_GRACE);
  });
  element.addEventListener("focusin", (event) => {
    const from = of(event);
    if (from && from.matches(":focus-visible")) show_peek(from);
  });
  element.addEventListener("focusout", (event) => { if (of(event)) hide_peek(); });
  element.addEventListener("click", (event) => { if (within(event, "[data-open]")) hide_peek(); });
  if (window.pincite_follows) return;
  window.pincite_follows = true;
  window.addEventListener("scroll", follow_peek, { capture: true, passive: true });
  window.addEventListener("resize", hide_peek);
}
