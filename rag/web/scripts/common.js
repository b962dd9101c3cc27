// Runs once for each HTML component; `element`, `trigger` and `watch` are the component's own.
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = () => window.matchMedia("(max-width: 900px)").matches;
const within = (event, selector) => event.target.closest(selector);
