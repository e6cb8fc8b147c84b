// Runs before the first paint, so that the page never flashes in the wrong theme. The app takes over later
// (src/ui/theme.rs, same key).
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("rapport.theme");
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
