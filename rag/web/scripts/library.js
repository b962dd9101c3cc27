function start_documents() {
  const sure = (row, yes) => {
    row.querySelector("[data-ask]").hidden = yes;
    row.querySelector(".sure").hidden = !yes;
    row.querySelector(yes ? "[data-remove]" : "[data-ask]").focus();
  };
  element.addEventListener("click", (event) => {
    const row = within(event, ".document");
    if (!row) return;
    if (within(event, "[data-ask]")) sure(row, true);
    if (within(event, "[data-keep]")) sure(row, false);
    const chosen = within(event, "[data-remove]");
    if (chosen) { chosen.disabled = true; trigger("remove", { source: chosen.dataset.remove }); }
  });
}

function start_ledger() {
  element.addEventListener("click", (event) => {
    const chosen = within(event, "[data-forget]");
    if (chosen) { chosen.disabled = true; trigger("remove", { source: chosen.dataset.forget }); }
  });
}
