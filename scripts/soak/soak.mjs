// People, imports, exports and bulk changes for a while, with processes killed in between; then everything that was
// acknowledged is looked for. soak.mjs BINARY [OUT.json]; SOAK_MINUTES (10), SOAK_ROWS (100000: contacts that are there
// before), SOAK_KILLS (1: each of server, PostgreSQL and Redis is killed so many times in the second half).
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { below, member, memory, start } from "../bench/server.mjs";
import { seed } from "../bench/seed.mjs";
import { faults } from "./truth.mjs";
import { people } from "./people.mjs";

const [binary, out] = process.argv.slice(2);
const number = (name, fallback) => Number(process.env[name] ?? fallback);
const minutes = number("SOAK_MINUTES", 10);
const rows = number("SOAK_ROWS", 100_000);
const kills = number("SOAK_KILLS", 1);
const port = 8380;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (text) => process.stderr.write(`${text}\n`);

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "rapport-soak."));
fs.chmodSync(dir, 0o711);
let server = await start(binary, dir, port);

/** Kills a process and, with it, the server; what is left of it is taken over by the next start. */
async function kill(name) {
  const all = below(server.pid);
  const meant = all.filter((one) => (name === "server" ? one.pid === server.pid : one.name.startsWith(name)));
  for (const { pid } of [...meant, { pid: server.pid }]) spawnSync("kill", ["-9", String(pid)]);
  await pause(200);
  const began = performance.now();
  server = await start(binary, dir, port);
  say(`  ${name} killed; again there after ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

let failed = false;
try {
  const who = await member(server.base, "Soak");
  await seed(server, who, rows);
  await server.psql("postgres", "VACUUM ANALYZE");
  let ended = Infinity;
  const work = people(who, () => performance.now() < ended);
  // What each kind of work fills once is there before the first measurement.
  for (const began = performance.now(); !work.warm(); await pause(100)) {
    if (performance.now() - began > 300_000) throw new Error("not everything has been done once within five minutes");
  }
  say(`${rows} contacts are there, and everything has been done once; ${minutes} minutes begin`);
  ended = performance.now() + minutes * 60_000;
  const samples = [];
  const watch = setInterval(() => samples.push({ at: performance.now(), ...memory(server.pid) }), Math.min(2_000, minutes * 600));
  await pause(minutes * 30_000);
  const quiet = samples.splice(0).map((sample) => sample.server);
  for (let n = 0; n < kills * 3; n++) {
    await pause((ended - performance.now()) / (kills * 3 - n + 1));
    await kill(["server", "postgres", "redis"][n % 3]);
  }
  await pause(Math.max(0, ended - performance.now()));
  const done = await work.ended();
  clearInterval(watch);
  for (let waited = 0; Number(await server.psql("postgres", "SELECT count(*) FROM event_queue")) > 0; waited += 500) {
    if (waited > 120_000) throw new Error("events are still waiting two minutes after the last work");
    await pause(500);
  }
  const found = await faults(server, who, done);
  const [early, late] = [quiet.slice(quiet.length >> 2, quiet.length >> 1), quiet.slice(-(quiet.length >> 2))].map(median);
  const result = { minutes, rows, kills, done: done.counts, refused: done.refused, memory: { early, late, most: Math.max(...quiet) }, faults: found };
  say(JSON.stringify({ ...result, refused: done.refused.length, faults: found.length }, null, 1));
  if (out) fs.writeFileSync(out, `${JSON.stringify(result, null, 1)}\n`);
  // Growth that goes on would double it in a day; what a longer run fills once does not.
  if (late > early * 1.25 + 10) found.push(`the server grew from ${early} to ${late} MB`);
  for (const fault of found.slice(0, 20)) say(`FAULT: ${fault}`);
  failed = found.length > 0;
} finally {
  await server.stop();
  fs.rmSync(fs.realpathSync(path.join(dir, "servers")), { recursive: true, force: true });
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
