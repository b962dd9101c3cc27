// The map is drawn by plotly, in a part of the page that comes and goes; this dresses it and listens to it.
const NUMBERED = 5;

function start_places() {
  let plot = null, opened = "";
  const card = document.createElement("div");
  card.className = "hovered";
  card.hidden = true;
  const token = (name) => getComputedStyle(document.querySelector("#explore")).getPropertyValue(`--${name}`).trim();

  // The colours of the page, as they are in its light or dark dress.
  function dress() {
    if (!plot || !plot.isConnected) return;
    plot.data.forEach((trace, at) => {
      if (trace.meta === "lit") window.Plotly.restyle(plot, { "marker.color": token("ink"), "textfont.color": token("ink") }, [at]);
      else window.Plotly.restyle(plot, { "marker.color": token(`plot-${trace.meta}`) }, [at]);
    });
  }

  function light() {
    if (!plot || !plot.isConnected) return;
    const held = document.querySelector("#lit [data-lit]");
    const marks = held ? JSON.parse(held.dataset.lit) : [];
    const at = plot.data.findIndex((trace) => trace.meta === "lit");
    if (at >= 0) window.Plotly.deleteTraces(plot, at);
    plot.classList.toggle("dimmed", marks.length > 0);
    if (!marks.length) return;
    window.Plotly.addTraces(plot, {
      x: marks.map((one) => one[0]), y: marks.map((one) => one[1]), text: marks.map((one) => (one[2] <= NUMBERED ? String(one[2]) : "")),
      customdata: marks.map((one) => one.slice(3)), meta: "lit", mode: "markers+text", textposition: "middle right", cliponaxis: false,
      marker: { symbol: "circle-open", size: 17, line: { width: 2 } }, textfont: { size: 12 }, hoverinfo: "none",
    });
    dress();
  }

  function hover(event) {
    const [, title, where, text] = event.points[event.points.length - 1].customdata;
    const parts = [["b", title], ["span", where], ["q", text]].map(([tag, said]) => {
      const part = document.createElement(tag);
      part.textContent = said;
      return part;
    });
    card.replaceChildren(...parts);
    card.hidden = false;
    const box = plot.getBoundingClientRect(), x = event.event.clientX - box.left, y = event.event.clientY - box.top;
    card.style.left = `${Math.max(0, Math.min(x + 14, box.width - card.offsetWidth))}px`;
    card.style.top = `${y + card.offsetHeight + 24 > box.height && y > card.offsetHeight ? y - card.offsetHeight - 14 : y + 16}px`;
  }

  function zoom(factor) {
    const edge = Number(element.querySelector("[data-edge]").dataset.edge);
    const sides = ["xaxis", "yaxis"].map((name) => {
      const [low, high] = plot._fullLayout[name].range, middle = (low + high) / 2, half = (high - low) / 2 / factor;
      return [`${name}.range`, factor ? [middle - half, middle + half] : [-edge, edge]];
    });
    window.Plotly.relayout(plot, Object.fromEntries(sides));
  }

  const fitted = new ResizeObserver(() => { if (plot.clientWidth) window.Plotly.Plots.resize(plot); });

  function meet(found) {
    plot = found;
    fitted.disconnect();
    fitted.observe(plot);
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", element.querySelector("[data-label]").dataset.label);
    plot.append(card);
    if (window.matchMedia("(pointer: coarse)").matches) window.Plotly.relayout(plot, { dragmode: false });
    plot.on("plotly_hover", hover);
    plot.on("plotly_unhover", () => { card.hidden = true; });
    plot.on("plotly_click", (event) => {
      choose(null);
      window.pincite_came_from = plot.parentElement;
      trigger("pick", { passage: event.points[event.points.length - 1].customdata[0] });
    });
    dress();
    light();
  }

  const observer = new MutationObserver(() => {
    const found = document.querySelector("#map .js-plotly-plot");
    if (found && found !== plot && found.on && window.Plotly) meet(found);
  });
  observer.observe(document.querySelector("#map").parentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  new MutationObserver(light).observe(document.querySelector("#lit"), { subtree: true, childList: true });
  [document.documentElement, document.body].forEach((one) => {
    new MutationObserver(dress).observe(one, { attributes: true, attributeFilter: ["class"] });
  });

  element.addEventListener("click", (event) => {
    const place = within(event, "[data-place]"), dot = within(event, "[data-passage]"), by = within(event, "[data-zoom]");
    if (by && plot) zoom(Number(by.dataset.zoom));
    if (place) {
      opened = place.dataset.place;
      trigger("unfold", { place: place.getAttribute("aria-expanded") === "true" ? "" : opened });
    }
    if (dot) { choose(dot); trigger("pick", { passage: dot.dataset.passage }); }
  });
  element.addEventListener("keydown", (event) => walk(event, "[data-place], [data-passage]"));
  watch("value", () => requestAnimationFrame(() => {
    const again = opened && [...element.querySelectorAll("[data-place]")].find((one) => one.dataset.place === opened);
    if (again) again.focus({ preventScroll: true });
    opened = "";
  }));
}
