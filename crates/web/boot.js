// The page's only own script: fetches and starts the app. The bundler fills in the hashed names.
import init from "./{{glue}}";

// A page with a part of its own has it fetched beside the app, not after it. For somebody who has to sign in first that is
// in vain, hence no preload, which the browser would complain of.
const parts = {{parts}};
const first = new Set();
if (location.pathname === "/pipeline") parts.board.forEach((part) => first.add(part));
const isRecord = /^\/(?!imports|work)[a-z]+\/[0-9a-f-]{36}$/.test(location.pathname);
if (isRecord || new URLSearchParams(location.search).has("open")) parts.record.forEach((part) => first.add(part));
for (const part of first) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "prefetch", as: "fetch", crossOrigin: "anonymous", href: new URL(part, import.meta.url) });
  document.head.append(link);
}

init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).catch((reason) => {
  console.error(reason);
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.textContent = "Rapport could not be loaded. Check your connection and reload the page.";
  document.body.replaceChildren(note);
});
