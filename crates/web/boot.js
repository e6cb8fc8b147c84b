// The page's only own script: fetches and starts the app. The bundler fills in the hashed names.
import init from "./{{glue}}";

// A page with a part of its own has it fetched beside the app, not after it.
for (const part of location.pathname === "/pipeline" ? {{board}} : []) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: new URL(part, import.meta.url) });
  document.head.append(link);
}

init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).catch((reason) => {
  console.error(reason);
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.textContent = "Rapport could not be loaded. Check your connection and reload the page.";
  document.body.replaceChildren(note);
});
