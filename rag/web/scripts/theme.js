(() => {
  const KEY = "pincite-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "light" || kept === "dark" ? kept : "system";
    } catch {
      return "system";
    }
  };
  const apply = () => {
    const dark = chosen() === "dark" || (chosen() === "system" && system.matches);
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  };
  const watch = () => {
    apply();
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  };
  window.theme = {
    chosen,
    choose(name) {
      try {
        if (name === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, name);
      } catch {
        /* a browser that keeps nothing goes on as the system has it */
      }
      apply();
    },
  };
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  if (document.body) watch();
  else addEventListener("DOMContentLoaded", watch);
})();
