// Seeds organizations of different sizes, one after the other, puts load on what people use, and prints what came back.
// bench.mjs BINARY OUT.json; BENCH_ROWS, BENCH_SECONDS, BENCH_CONNECTIONS, BENCH_SCROLLING (seconds, 0: no browser) say
// how much, BENCH_ONLY what of it.
import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { browse } from "./browser.mjs";
import { pgbench, statements } from "./floor.mjs";
import { seed } from "./seed.mjs";
import { member, memory, start } from "./server.mjs";

const [binary, out] = process.argv.slice(2);
const list = (name, fallback) => (process.env[name] ?? fallback).split(/[ ,]+/).map(Number);
const sizes = list("BENCH_ROWS", "10000 100000 1000000");
const connections = list("BENCH_CONNECTIONS", "1 8 32");
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const only = new RegExp(process.env.BENCH_ONLY ?? "");
const scrolling = Number(process.env.BENCH_SCROLLING ?? 20);
const here = import.meta.dirname;
const run = promisify(execFile);
const say = (text) => process.stderr.write(`${text}\n`);

/** Load by wrk: requests per second, and times in milliseconds. */
async function load(server, who, dir, target, clients) {
  const paths = path.join(dir, "paths");
  fs.writeFileSync(paths, target.paths.map((where) => `/api/v1${where}`).join("\n"));
  const env = {
    ...process.env, PATHS: paths, COOKIE: who.cookie(), ORIGIN: server.base, METHOD: target.method ?? "GET",
    ...(target.body && { BODY: JSON.stringify(target.body) }),
  };
  const wrk = (time) =>
    run("wrk", ["-t1", `-c${clients}`, `-d${time}s`, "--timeout", "30s", "-s", path.join(here, "load.lua"), server.base], { env });
  await wrk(1);
  const { stdout } = await wrk(seconds);
  const [requests, micros, p50, p95, p99, errors] = stdout.match(/^FIGURES (.*)$/m)[1].split(" ").map(Number);
  const ms = (us) => Math.round(us / 100) / 10;
  return { rps: Math.round((requests / micros) * 1e7) / 10, p50: ms(p50), p95: ms(p95), p99: ms(p99), errors };
}

/** What is asked for, by name. */
async function targets(server, who, rows) {
  const sql = async (text) => (await server.psql("postgres", text)).split("\n").filter(Boolean);
  const pick = (table) => sql(`SELECT id FROM ${table} WHERE org_id = '${who.org}' ORDER BY id LIMIT 2000`);
  const ids = await pick("contacts");
  const [middle] = await sql(`SELECT id || ' ' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM contacts
    WHERE org_id = '${who.org}' ORDER BY created_at DESC OFFSET ${Math.floor(rows / 2)} LIMIT 1`);
  const [id, at] = middle.split(" ");
  const cursor = Buffer.from(JSON.stringify({ s: "-created_at", v: [at], i: id })).toString("base64url");
  const where = (filter) => encodeURIComponent(JSON.stringify(filter));
  const surnames = await sql(`SELECT DISTINCT last_name FROM contacts WHERE org_id = '${who.org}' ORDER BY 1 LIMIT 500`);
  const two = { and: [{ field: "status", op: "eq", value: "active" }, { field: "job_title", op: "eq", value: "Nurse" }] };
  const own = (field, op, value) => ({ field: `custom_fields.${field}`, op, value });
  const sorts = ["name", "email", "job_title", "status", "lead_score", "birthday", "-updated_at", "custom_fields.fleet", "custom_fields.tier"];
  return [
    { name: "list, first page", paths: ["/contacts"], floor: true },
    { name: "list, in the middle", paths: [`/contacts?cursor=${cursor}`] },
    { name: "list, two filters", paths: [`/contacts?filter=${where(two)}`] },
    { name: "list, own field is a number", paths: range(200).map((n) => `/contacts?filter=${where(own("fleet", "eq", n))}`) },
    { name: "list, own field is an option", paths: range(100).map((n) => `/contacts?filter=${where(own("tier", "eq", `tier_${n}`))}`) },
    { name: "list, company.industry is", paths: [`/contacts?filter=${where({ field: "company.industry", op: "eq", value: "Steel" })}`] },
    { name: "list, has no open deal", paths: [`/companies?filter=${where({ field: "deals", op: "none", value: { field: "status", op: "eq", value: "open" } })}`] },
    ...sorts.map((key) => ({ name: `list by ${key}`, paths: [`/contacts?sort_by=${key}`] })),
    { name: "search, few hits", paths: range(500).map((n) => `/search?q=p${1 + ((n * 7919) % rows)}%40c`) },
    { name: "search, many hits", paths: ["/search?q=anna", "/search?q=berg", "/search?q=engineer"] },
    { name: "search, two words", paths: ["/search?q=anna%20berg", "/search?q=engineer%20ben", "/search?q=rosa%20lin"] },
    { name: "search, misspelt", paths: surnames.map((name) => `/search?q=${encodeURIComponent(misspelt(name))}`) },
    { name: "search in the list, many hits", paths: ["/contacts?search=anna", "/contacts?search=berg", "/contacts?search=engineer"] },
    { name: "search in the list", paths: surnames.map((name) => `/contacts?search=${encodeURIComponent(name)}`) },
    { name: "get", paths: ids.map((one) => `/contacts/${one}`), floor: true },
    { name: "create", method: "POST", paths: ["/contacts"], body: { first_name: "New", last_name: "Contact {n}", email: "n{n}@new.example" } },
    { name: "update", method: "PATCH", paths: ids.map((one) => `/contacts/${one}`), body: { job_title: "Title {n}" } },
    { name: "board", paths: ["/deals?view=pipeline"] },
    { name: "figures of the pipeline", paths: ["/deals/pipeline"] },
    { name: "timeline", paths: [`/contacts/${ids[0]}/timeline`] },
    { name: "dashboard", paths: ["/dashboard/metrics"] },
  ];
}

/** With two letters in the middle exchanged. */
const misspelt = (name) => {
  const at = Math.floor(name.length / 2);
  return name.slice(0, at - 1) + name[at] + name[at - 1] + name.slice(at + 1);
};

const range = (n) => Array.from({ length: n }, (_, at) => at);

/** Imports and exports, in rows per second. */
async function bulk(server, who, rows) {
  const lines = range(rows).map((n) => `Import,Person ${n},i${n}@import${n % 500}.example,+1 212 ${String(5550000 + n).slice(-7)},Buyer`);
  const form = new FormData();
  form.append("entity", "contacts");
  form.append("file", new Blob([`First name,Last name,Email,Phone,Job title\n${lines.join("\n")}\n`]), "bench.csv");
  const preview = await who.call("POST", "/import/preview", form);
  const timed = async (work) => {
    const began = performance.now();
    await work();
    return (performance.now() - began) / 1000;
  };
  const imported = await timed(async () => {
    const job = await who.call("POST", "/import", { file_id: preview.file_id, plan: preview.plan });
    const done = await who.ended(`/import/${job.id}`);
    if (done.created !== rows) throw new Error(`the import made ${done.created} of ${rows}`);
  });
  const total = (await who.call("GET", "/contacts?limit=1")).pagination.total;
  const exported = await timed(async () => {
    const job = await who.call("POST", "/exports/contacts", { format: "csv", query: {} });
    const done = await who.ended(`/exports/files/${job.id}`);
    if (done.status !== "completed") throw new Error(`the export ${done.status}: ${done.failure}`);
  });
  return { import_rows: rows, import_per_second: Math.round(rows / imported), export_rows: total, export_per_second: Math.round(total / exported) };
}

async function measure(rows, port) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "rapport-bench."));
  fs.chmodSync(dir, 0o711);
  const server = await start(binary, dir, port);
  try {
    say(`${rows} contacts: seeding`);
    const who = await member(server.base, "Bench");
    await seed(server, who, rows);
    for (const n of range(9)) await seed(server, await member(server.base, `Small ${n}`), Math.max(100, rows / 1000));
    await server.psql("postgres", "VACUUM ANALYZE");
    const result = { rows, idle: memory(server.pid), load: [], floor: {} };
    let peak = result.idle;
    const watch = setInterval(() => {
      const now = memory(server.pid);
      peak = Object.fromEntries(Object.keys(now).map((name) => [name, Math.max(now[name], peak[name])]));
    }, 500);
    for (const target of (await targets(server, who, rows)).filter(({ name }) => only.test(name))) {
      const figures = {};
      for (const clients of connections) figures[clients] = await load(server, who, dir, target, clients);
      result.load.push({ name: target.name, figures });
      say(`  ${target.name}: ${connections.map((c) => `${c}: ${figures[c].rps}/s p95 ${figures[c].p95} ms${figures[c].errors ? ` ${figures[c].errors} ERRORS` : ""}`).join("; ")}`);
      if (target.floor) {
        const sqls = await statements(server, () => who.call("GET", target.paths[0]));
        const floor = {};
        for (const clients of connections) floor[clients] = pgbench(server, dir, sqls, clients, seconds);
        result.floor[target.name] = floor;
        say(`    floor (${sqls.length} statements): ${connections.map((c) => `${c}: ${Math.round(floor[c])}/s, ratio ${(figures[c].rps / floor[c]).toFixed(2)}`).join("; ")}`);
      }
    }
    if (scrolling > 0) {
      result.browser = await browse(server, who, scrolling);
      say(`  browser: ${JSON.stringify(result.browser)}`);
    }
    result.bulk = await bulk(server, await member(server.base, "Bulk"), Math.min(rows, 100_000));
    say(`  import ${result.bulk.import_per_second} rows/s`);
    const all = await who.call("POST", "/exports/contacts", { format: "csv", query: {} });
    const began = performance.now();
    const done = await who.ended(`/exports/files/${all.id}`);
    result.bulk.export_per_second = Math.round(done.processed / ((performance.now() - began) / 1000));
    result.bulk.export_rows = done.processed;
    say(`  export ${result.bulk.export_per_second} rows/s of ${done.processed}`);
    clearInterval(watch);
    result.peak = peak;
    say(`  memory in MB: idle ${JSON.stringify(result.idle)}, most ${JSON.stringify(peak)}`);
    return result;
  } finally {
    await server.stop();
    fs.rmSync(fs.realpathSync(path.join(dir, "servers")), { recursive: true, force: true });
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

const machine = {
  cpu: os.cpus()[0].model.trim(),
  cores: os.cpus().length,
  memory_gb: Math.round(os.totalmem() / 2 ** 30),
  postgres: execFileSync("psql", ["--version"]).toString().trim(),
  wrk: await run("wrk", ["-v"]).catch((answer) => answer).then((answer) => answer.stdout.split("\n")[0].trim()),
};
const results = [];
for (const [at, rows] of sizes.entries()) {
  results.push(await measure(rows, 8300 + at));
  // After each size: a run that is broken off has what it got so far.
  fs.writeFileSync(out, `${JSON.stringify({ machine, connections, seconds, results, bundle: process.env.BENCH_BUNDLE }, null, 1)}\n`);
}
const broken = results.flatMap(({ rows, load }) =>
  load.flatMap(({ name, figures }) => Object.entries(figures).filter(([, { rps, errors }]) => errors || !rps).map(([clients]) => `${name}, ${rows} rows, ${clients} connections`)),
);
for (const what of broken) say(`ERRORS OR NOTHING: ${what}`);
process.exitCode = broken.length > 0 ? 1 : 0;
