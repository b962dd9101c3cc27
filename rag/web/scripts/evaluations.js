function start_measure() {
  element.addEventListener("click", (event) => {
    const run = within(event, "[data-run]"), stop = within(event, "[data-stop]");
    if (run) { run.disabled = true; trigger("run", { what: run.dataset.run }); }
    if (stop) { stop.disabled = true; trigger("stop"); }
  });
}
