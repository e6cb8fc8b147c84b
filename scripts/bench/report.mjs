// The figures of bench.mjs as a document: report.mjs IN.json >docs/benchmarks.md
import fs from "node:fs";

process.stdout.on("error", () => process.exit(1));
const { machine, connections, seconds, results, bundle } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const n = (value) => value.toLocaleString("en-US");
const at = connections.includes(8) ? 8 : connections.at(-1);
const table = (head, rows) =>
  [head, head.map((_, place) => (place ? "---:" : "---")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const print = (...lines) => process.stdout.write(`${lines.join("\n\n")}\n\n`);

print(
  "# Benchmarks",
  `Made by \`make bench\` (\`scripts/bench/\`): the release build with its own PostgreSQL and Redis, load by ${machine.wrk.split(" ").slice(0, 2).join(" ")} from a
second process on the same machine (${machine.cores} cores of ${machine.cpu}, ${machine.memory_gb} GB; ${machine.postgres}), ${seconds} seconds per figure after one
to warm up. One organization with as many contacts as the heading says, a tenth as many companies and a twentieth as many deals
(of which at most 2,000 are open, on the board), beside nine small ones. Everything goes the ordinary way: session,
permission, row-level security, typed records.`,
  `## Side by side, ${at} connections`,
  table(
    ["requests/s (p95 in ms)", ...results.map(({ rows }) => n(rows))],
    results[0].load.map(({ name }, place) => [
      name,
      ...results.map(({ load }) => `${n(load[place].figures[at].rps)} (${load[place].figures[at].p95})`),
    ]),
  ),
  "## The floor",
  `The statements that the request runs, under the same role and with the same values, by pgbench, and what share of that
the API reaches.`,
  table(
    ["transactions/s (share)", ...connections.map((clients) => `${clients} connections`)],
    results.flatMap(({ rows, load, floor }) =>
      Object.entries(floor).map(([name, tps]) => [
        `${name}, ${n(rows)} contacts`,
        ...connections.map((clients) => {
          const { rps } = load.find((target) => target.name === name).figures[clients];
          return `${n(Math.round(tps[clients]))} (${Math.round((rps / tps[clients]) * 100)} %)`;
        }),
      ]),
    ),
  ),
  "## Many rows, memory, bundle",
  table(
    ["", ...results.map(({ rows }) => `${n(rows)} contacts`)],
    [
      ["import, rows/s", ...results.map(({ bulk }) => `${n(bulk.import_per_second)} of ${n(bulk.import_rows)}`)],
      ["export as CSV, rows/s", ...results.map(({ bulk }) => `${n(bulk.export_per_second)} of ${n(bulk.export_rows)}`)],
      ...["server", "postgres", "redis"].map((name) => [
        `${name}: MB at rest, at most`,
        ...results.map(({ idle, peak }) => `${idle[name]}, ${peak[name]}`),
      ]),
    ],
  ),
  `The web app, compressed: ${bundle}`,
);
if (results.every(({ browser }) => browser)) {
  const browser = (what, of) => [what, ...results.map((result) => of(result.browser))];
  print(
    "## In the browser",
    `Chromium without a screen at 1440 × 900 on the same two cores, so that server, database and browser share them. The list is
scrolled by 3,000 pixels a second, then jumped through; a card is dragged over the board. Times in ms, memory in MB after
a collection: the page is scripts and elements, the app what WebAssembly holds. Blank is how long a row stood on the
screen without its record.`,
    table(
      ["", ...results.map(({ rows }) => `${n(rows)} contacts`)],
      [
        browser("list opens, from the dashboard", ({ list_opens }) => n(list_opens)),
        browser("scrolling: frame median, p95", ({ scrolling: s }) => `${s.frame_median}, ${s.frame_p95}`),
        browser("scrolling: longest blank row", ({ scrolling: s }) => n(s.longest_blank)),
        browser("row elements, at most", ({ scrolling: s, jumping: j }) => n(Math.max(s.most_rows, j.most_rows))),
        browser("jump until all rows stand there: median, longest", ({ jumps }) => `${n(jumps.median)}, ${n(jumps.most)}`),
        browser("memory of the page before and after scrolling", ({ heap_before: a, heap_after: b }) => `${a.page}, ${b.page}`),
        browser("memory of the app before and after scrolling", ({ heap_before: a, heap_after: b }) => `${a.app}, ${b.app}`),
        browser("board opens, cards drawn", ({ board_opens, cards }) => `${n(board_opens)}, ${n(cards)}`),
        browser("dragging: frame median, p95", ({ dragging: d }) => `${d.frame_median}, ${d.frame_p95}`),
      ],
    ),
  );
}
for (const { rows, load } of results) {
  print(
    `## ${n(rows)} contacts`,
    table(
      ["requests/s; p50, p95, p99 in ms", ...connections.map((clients) => `${clients} connections`)],
      load.map(({ name, figures }) => [
        name,
        ...connections.map((clients) => {
          const { rps, p50, p95, p99, errors } = figures[clients];
          return `${n(rps)}; ${p50}, ${p95}, ${p99}${errors ? ` (${errors} errors)` : ""}`;
        }),
      ]),
    ),
  );
}
