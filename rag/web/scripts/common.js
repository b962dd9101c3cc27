// Runs once for each HTML component; `element`, `trigger` and `watch` are the component's own.
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = () => window.matchMedia("(max-width: 900px)").matches;
const within = (event, selector) => event.target.closest(selector);

// Said to those who listen, in a place that stays while what it tells of comes and goes.
function say(text) {
  let place = document.querySelector(".said-aloud[role=status]");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "said-aloud" });
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  if (place.textContent !== text) place.textContent = text;
}

// Gradio's label of a box holds its button too; the box is called by the words before it alone.
function named(selector) {
  const field = document.querySelector(`${selector} :is(textarea, input)`);
  const label = document.querySelector(`${selector} [data-testid=block-info]`);
  if (field && label) field.setAttribute("aria-label", label.textContent.trim());
  else setTimeout(() => named(selector), 200);
}
