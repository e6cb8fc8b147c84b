// The floor: the statements of one request, as the server sends them, under its role, by pgbench.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The statements that a request runs, with their values, out of PostgreSQL's log. */
export async function statements(server, request) {
  const log = async (...settings) => {
    for (const setting of settings) await server.psql("postgres", `ALTER SYSTEM ${setting}`);
    await server.psql("postgres", "SELECT pg_reload_conf()");
  };
  await log("SET log_line_prefix = '%m %u '", "SET log_min_duration_statement = 0");
  await new Promise((done) => setTimeout(done, 300));
  const from = fs.statSync(server.log).size;
  await request();
  await new Promise((done) => setTimeout(done, 300));
  const text = fs.readFileSync(server.log).subarray(from).toString();
  await log("RESET log_line_prefix", "RESET log_min_duration_statement");
  // An entry begins with its time; what follows on further lines belongs to it.
  const entries = text.split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/m);
  const found = [];
  // The workers' statements stand between.
  for (const entry of entries.filter((one) => /^\S+ \S+ \S+ rapport_app /.test(one))) {
    const run = entry.match(/LOG:\s+duration: [\d.]+ ms\s+(?:execute [^:]+|statement): ([\s\S]*)$/);
    const detail = entry.match(/DETAIL:\s+parameters: ([\s\S]*)$/);
    if (run) found.push(run[1].trim());
    else if (detail && found.length > 0) found.push(bind(found.pop(), detail[1]));
  }
  return found.filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/i.test(sql));
}

function bind(sql, list) {
  const values = new Map();
  for (const [, place, value] of list.matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)) values.set(place, value);
  return sql.replace(/\$(\d+)/g, (whole, place) => values.get(place) ?? whole);
}

/** Transactions per second of the statements in one transaction each. */
export function pgbench(server, dir, sqls, clients, seconds) {
  const file = path.join(dir, "floor.sql");
  fs.writeFileSync(file, `BEGIN;\n${sqls.map((sql) => `${sql.replaceAll("\n", " ")};`).join("\n")}\nCOMMIT;\n`);
  const out = execFileSync(
    "pgbench",
    ["-n", "-M", "prepared", "-f", file, "-c", String(clients), "-j", "1", "-T", String(seconds), "-h", server.socket,
      "-U", "rapport_app", "rapport"],
    { env: { ...process.env, PGPASSWORD: server.passwords.rapport_app }, stdio: ["ignore", "pipe", "pipe"] },
  ).toString();
  return Number(out.match(/tps = ([\d.]+)/)?.[1] ?? 0);
}
