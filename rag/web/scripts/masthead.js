// Keeps the chosen library in the address, so that a reload opens it again.
function keep_address() {
  const chooser = element.querySelector(".chooser");
  if (!chooser) return;
  const address = new URL(window.location.href), { chosen, first } = chooser.dataset;
  if ((address.searchParams.get("library") || first) === chosen) return;
  if (chosen === first) address.searchParams.delete("library");
  else address.searchParams.set("library", chosen);
  address.searchParams.delete("answer");
  window.history.replaceState(null, "", address);
}

// Arrow keys lead from one tab to the next, as a list of tabs makes people expect; Enter opens it.
function among_tabs(event) {
  const tab = within(event, "[role=tab]"), list = tab && tab.closest("[role=tablist]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...list.querySelectorAll("[role=tab]")], at = all.indexOf(tab), last = all.length - 1;
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[to].focus();
}

function start_masthead() {
  document.addEventListener("keydown", among_tabs);
  const one = (selector) => element.querySelector(selector);
  const items = () => [...element.querySelectorAll(".libraries [role^=menuitem]")];
  let open = null;
  const making = (yes) => {
    if (open) open = yes ? "form" : "menu";
    one("#libraries").hidden = yes;
    if (one(".make")) one(".make").hidden = !yes;
  };
  const show = (yes) => {
    open = yes ? "menu" : null;
    one(".libraries").hidden = !yes;
    one(".chosen").setAttribute("aria-expanded", String(yes));
    making(false);
    if (yes) (one("[aria-checked=true]") || items()[0]).focus();
  };
  const leave = () => { show(false); one(".chosen").focus(); };
  const step = (key) => {
    const all = items(), at = all.indexOf(document.activeElement), last = all.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[key];
    if (to === undefined) return false;
    all[to].focus();
    return true;
  };
  element.addEventListener("click", (event) => {
    if (within(event, ".chosen")) show(one(".libraries").hidden);
    const item = within(event, "[data-library]");
    if (item) { leave(); trigger("choose", { library: item.dataset.library }); }
    if (within(event, "[data-new]")) { making(true); one("#new-library").focus(); }
    if (within(event, "[data-leave]")) leave();
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    open = null;
    trigger("make", { name: one("#new-library").value });
  });
  element.addEventListener("keydown", (event) => {
    if (!one(".libraries") || one(".libraries").hidden) {
      if (event.key === "ArrowDown" && within(event, ".chosen")) { event.preventDefault(); show(true); }
      return;
    }
    if (event.key === "Escape") { event.stopPropagation(); leave(); }
    else if (!within(event, ".make") && step(event.key)) event.preventDefault();
  });
  element.addEventListener("focusout", (event) => {
    const away = event.relatedTarget && !element.contains(event.relatedTarget);
    if (away && one(".libraries")) show(false);
  });
  document.addEventListener("click", (event) => {
    if (one(".libraries") && !one(".libraries").hidden && !element.contains(event.target)) show(false);
  });
  watch("value", () => {
    keep_address();
    if (one("#wrong-name")) { open = "form"; one("#new-library").focus(); }
    if (!open || !one(".libraries")) return;  // it was open while the figures in it changed
    one(".libraries").hidden = false;
    making(open === "form");
  });
}
