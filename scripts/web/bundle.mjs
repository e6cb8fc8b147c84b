// Turns the build's raw output into the folder the server sends: content-hashed names, an index.html that
// points at them, and (release) brotli and gzip siblings. Prints the sizes and holds the first load to its budget.
//
//   node bundle.mjs <release|dev> <crates/web> <raw folder> <out folder>
//
// Raw folder: app.css, web.js, web_bg.wasm, parts/ (modules fetched later and their loader) and perhaps snippets/, as
// the CSS compiler, wasm-bindgen and wasm-split leave them.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BUDGET_BYTES = 800_000; // brotli, everything the first page needs
// What signed-in people may begin with, and the parts that these pages are in; the others are in web.wasm.
const FIRST_PAGES = { "dashboard, lists": [], "a record": ["record"], "the board": ["board"] };
const MARKER = /<!-- bundle:.*?-->/s;
const COMPRESSIBLE = new Set([".html", ".js", ".css", ".wasm", ".json", ".svg", ".txt", ".webmanifest"]);

const [mode, webDir, rawDir, outDir] = process.argv.slice(2);
const release = mode === "release";
const publicDir = join(webDir, "public");
const assetsDir = join(outDir, "assets");

const fail = (sentence) => {
  console.error(`error: ${sentence}`);
  process.exit(1);
};
const hashOf = (...contents) => {
  const hash = createHash("sha256");
  contents.forEach((content) => hash.update(content));
  return hash.digest("hex").slice(0, 12);
};
/** Writes `content` under a name that changes with it; returns that name (relative to assets/). */
const emit = (name, content) => {
  const extension = extname(name);
  const hashed = `${basename(name, extension)}.${hashOf(content)}${extension}`;
  writeFileSync(join(assetsDir, hashed), content);
  return hashed;
};
const filesUnder = (dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .sort()
    : [];

rmSync(outDir, { recursive: true, force: true });
mkdirSync(assetsDir, { recursive: true });
if (existsSync(publicDir)) cpSync(publicDir, outDir, { recursive: true });

// Files of public/ that the style sheet or the page names get a hashed copy, so that they too are cached for ever.
const fonts = [];
const pageFiles = [];
const css = readFileSync(join(rawDir, "app.css"), "utf8").replace(/url\((["']?)\/([^"')]+)\1\)/g, (whole, _quote, path) => {
  const source = join(publicDir, path);
  if (!existsSync(source)) fail(`the style sheet names /${path}, which is not in ${relative(process.cwd(), publicDir)}.`);
  const name = emit(basename(path), readFileSync(source));
  if (extname(name) === ".woff2" && !fonts.includes(name)) fonts.push(name);
  return `url("${name}")`;
});
const cssName = emit("app.css", css);

// Snippets are files that Rust crates bring along; the glue imports them by relative path.
const snippetsDir = join(rawDir, "snippets");
const snippets = filesUnder(snippetsDir);
const snippetsName = `snippets.${hashOf(...snippets.flatMap((file) => [relative(snippetsDir, file), readFileSync(file)]))}`;
if (snippets.length > 0) cpSync(snippetsDir, join(assetsDir, snippetsName), { recursive: true });

const wasmName = emit("web.wasm", readFileSync(join(rawDir, "web_bg.wasm")));
const partsDir = join(rawDir, "parts");
const loaderFile = join(partsDir, "__wasm_split.js");
let loader = readFileSync(loaderFile, "utf8");
for (const file of filesUnder(partsDir).filter((name) => extname(name) === ".wasm")) {
  const name = basename(file);
  loader = loader.replaceAll(`"./${name}"`, `"./${emit(`part_${name.replace(/^split_+|_\d+(?=\.)/g, "")}`, readFileSync(file))}"`);
}
/** The modules that come with a part: its own and those that it shares with others. */
const modulesOf = (part) => {
  const module = String.raw`makeLoad\(\(\) => \{\s*const src = fetch\(new URL\("\./([^"]+)"[^]*?\n, \[(.*)\]\)`;
  const found = (before) => new RegExp(before + module).exec(loader) ?? fail(`the loader of the parts has no ${before}.`);
  const [, own, shared] = found(`__wasm_split_load_${part} = wrapAsyncCb\\(`);
  return [own, ...shared.split(", ").filter(Boolean).map((chunk) => found(`const ${chunk} = `)[1])];
};
const glue = readFileSync(join(rawDir, "web.js"), "utf8")
  .replaceAll("./snippets/", `./${snippetsName}/`)
  .replaceAll("web_bg.wasm", wasmName);
// The two import each other, so neither name can follow from the finished content of the other. Among the imports of
// the WASM module the loader keeps its name.
const pair = hashOf(glue, loader);
const [glueName, loaderName] = [`web.${pair}.js`, `parts.${pair}.js`];
writeFileSync(join(assetsDir, glueName), glue.replaceAll('from "./__wasm_split.js"', `from "./${loaderName}"`));
writeFileSync(join(assetsDir, loaderName), loader.replaceAll("./web.js", `./${glueName}`));
const fill = (text, values) =>
  text.replace(/\{\{(\w+)\}\}/g, (whole, key) => values[key] ?? fail(`unknown placeholder ${whole}.`));
const firstParts = Object.values(FIRST_PAGES).flat();
const bootValues = {
  glue: glueName,
  wasm: wasmName,
  parts: JSON.stringify(Object.fromEntries(firstParts.map((part) => [part, modulesOf(part)]))),
};
const bootName = emit("boot.js", fill(readFileSync(join(webDir, "boot.js"), "utf8"), bootValues));

const page = readFileSync(join(webDir, "index.html"), "utf8").replace(/\b(href|src)="\/([^"]+)"/g, (whole, attribute, path) => {
  const source = join(publicDir, path);
  if (!existsSync(source)) fail(`index.html names /${path}, which is not in ${relative(process.cwd(), publicDir)}.`);
  const name = emit(basename(path), readFileSync(source));
  pageFiles.push(name);
  return `${attribute}="/assets/${name}"`;
});
if (!MARKER.test(page)) fail("crates/web/index.html has no <!-- bundle: … --> line to put the scripts and styles in.");
const head = [
  `<link rel="stylesheet" href="/assets/${cssName}">`,
  ...fonts.slice(0, 1).map((name) => `<link rel="preload" href="/assets/${name}" as="font" type="font/woff2" crossorigin>`),
  ...[glueName, loaderName].map((name) => `<link rel="modulepreload" href="/assets/${name}">`),
  `<link rel="preload" href="/assets/${wasmName}" as="fetch" type="application/wasm" crossorigin>`,
  `<script type="module" src="/assets/${bootName}"></script>`,
].join("\n    ");
writeFileSync(join(outDir, "index.html"), page.replace(MARKER, () => head));

if (!release) process.exit(0);

const compressed = (content) => ({
  br: brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  }),
  gz: gzipSync(content, { level: 9 }),
});
const firstLoad = new Set(["index.html", ...[cssName, glueName, loaderName, bootName, wasmName, ...fonts.slice(0, 1), ...pageFiles].map((name) => `assets/${name}`)]);
const rows = [];
const sentOf = new Map();
let total = 0;
for (const file of filesUnder(outDir)) {
  const name = relative(outDir, file).replaceAll("\\", "/");
  const content = readFileSync(file);
  let sent = content.length;
  if (COMPRESSIBLE.has(extname(file))) {
    const { br, gz } = compressed(content);
    // A sibling that saves nothing only costs the server a look.
    if (br.length < content.length) writeFileSync(`${file}.br`, br);
    if (gz.length < content.length) writeFileSync(`${file}.gz`, gz);
    sent = Math.min(br.length, content.length);
  }
  const first = firstLoad.has(name) || name.startsWith(`assets/${snippetsName}/`);
  if (first) total += sent;
  sentOf.set(basename(name), sent);
  rows.push([name, content.length, sent, first]);
}
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const width = Math.max(...rows.map(([name]) => name.length));
console.log(`${"file".padEnd(width)}  ${"plain".padStart(10)}  ${"sent".padStart(10)}  first load`);
for (const [name, plain, sent, first] of rows) {
  console.log(`${name.padEnd(width)}  ${kB(plain).padStart(10)}  ${kB(sent).padStart(10)}  ${first ? "yes" : ""}`);
}
let over = false;
for (const [page, parts] of Object.entries(FIRST_PAGES)) {
  const modules = new Set(parts.flatMap(modulesOf));
  const all = total + [...modules].reduce((sum, name) => sum + sentOf.get(name), 0);
  console.log(`first load (${page}): ${kB(all)} of ${kB(BUDGET_BYTES)}`);
  over ||= all > BUDGET_BYTES;
}
if (over) fail(`a first load is over its budget of ${kB(BUDGET_BYTES)}.`);
