// The page's only own script: fetches and starts the app. The bundler fills in the hashed names.
import init from "./{{glue}}";

init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).catch((reason) => {
  console.error(reason);
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.textContent = "Rapport could not be loaded. Check your connection and reload the page.";
  document.body.replaceChildren(note);
});
