// A server of the release build with its own PostgreSQL and Redis, and a member who talks to it.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function start(binary, dir, port) {
  const env = { ...process.env, PORT: String(port), DATA_DIR: dir, RUST_LOG: "warn", SIGN_IN_RATE: "0" };
  const log = fs.openSync(path.join(dir, "server.log"), "w");
  const child = spawn(binary, ["serve"], { env, stdio: ["ignore", log, log] });
  const base = `http://127.0.0.1:${port}`;
  for (let waited = 0; ; waited += 100) {
    if (child.exitCode !== null || waited > 60_000) {
      throw new Error(`the server did not start: ${fs.readFileSync(path.join(dir, "server.log"), "utf8").slice(-2000)}`);
    }
    if (await fetch(`${base}/api/v1/health`).then((answer) => answer.ok, () => false)) break;
    await pause(100);
  }
  const servers = fs.realpathSync(path.join(dir, "servers"));
  const passwords = Object.fromEntries(
    fs.readFileSync(path.join(servers, fs.readdirSync(servers).find((name) => name.startsWith("credentials"))), "utf8")
      .trim().split("\n").map((line) => line.split("=")),
  );
  const socket = sockets(child.pid);
  // Without blocking: connections that the server closes meanwhile are noticed.
  const psql = async (role, input, more = []) => {
    const running = promisify(execFile)(
      "psql",
      ["-XqAt", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", role, "rapport", ...more],
      { env: { ...process.env, PGPASSWORD: passwords[role] }, maxBuffer: 1 << 28 },
    );
    running.child.stdin.end(input);
    return (await running).stdout.trim();
  };
  const stop = async () => {
    child.kill("SIGTERM");
    while (child.exitCode === null && child.signalCode === null) await pause(50);
  };
  return { base, pid: child.pid, socket, passwords, psql, stop, log: path.join(servers, "postgres.log") };
}

/** The processes below one, itself included. */
export function below(pid) {
  const every = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => read(`/proc/${name}/stat`))
    .map((stat) => stat.match(/^(\d+) \((.*)\) \S (\d+) /s)).filter(Boolean)
    .map(([, own, name, parent]) => ({ pid: Number(own), name, parent: Number(parent) }));
  const all = every.filter((one) => one.pid === pid);
  for (const { pid: parent } of all) all.push(...every.filter((one) => one.parent === parent));
  return all;
}

/** What a file says; nothing when its process has ended meanwhile. */
function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The folder of PostgreSQL's socket, out of its command line. */
function sockets(pid) {
  for (const { pid: own } of below(pid)) {
    const words = fs.readFileSync(`/proc/${own}/cmdline`, "utf8").split("\0");
    if (words.includes("-k")) return words[words.indexOf("-k") + 1];
  }
  throw new Error("PostgreSQL is not below the server");
}

/**
 * Resident memory in MB: of the server and Redis all of it, of PostgreSQL what each process has of its own and what they
 * share once. Out of the kernel's counters: walking through a gigabyte of shared pages for each process would take a
 * fifth of the machine from what is measured.
 */
export function memory(pid) {
  const found = { server: 0, postgres: 0, redis: 0 };
  const shared = { RssFile: 0, RssShmem: 0 };
  for (const { pid: own, name } of below(pid)) {
    const status = read(`/proc/${own}/status`);
    const mb = (what) => Number(status.match(new RegExp(`^${what}:\\s+(\\d+)`, "m"))?.[1] ?? 0) / 1024;
    if (own === pid) found.server = mb("VmRSS");
    else if (name.startsWith("redis")) found.redis += mb("VmRSS");
    else if (name.startsWith("postgres")) {
      found.postgres += mb("RssAnon");
      for (const kind of Object.keys(shared)) shared[kind] = Math.max(shared[kind], mb(kind));
    }
  }
  found.postgres += shared.RssFile + shared.RssShmem;
  return Object.fromEntries(Object.entries(found).map(([name, mb]) => [name, Math.round(mb)]));
}

export async function member(base, organization) {
  let cookie = "";
  const call = async (method, where, body) => {
    const form = body instanceof FormData;
    const answer = await fetch(`${base}/api/v1${where}`, {
      method,
      headers: { cookie, origin: base, ...(form ? {} : { "content-type": "application/json" }) },
      body: form ? body : body && JSON.stringify(body),
    });
    const set = answer.headers.get("set-cookie");
    if (set) cookie = set.split(";")[0];
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${where}: ${answer.status} ${text.slice(0, 300)}`), { status: answer.status });
    return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
  const name = organization.toLowerCase().replaceAll(" ", "-");
  const account = { email: `${name}@bench.example`, password: `quiet harbour ${name} 1` };
  await call("POST", "/auth/register", { organization, name: "Bea Bench", ...account, timezone: "UTC" });
  const login = () => call("POST", "/auth/login", account);
  const me = await call("GET", "/auth/me");
  const ended = async (where) => {
    for (;;) {
      const job = await call("GET", where);
      if (["completed", "failed", "cancelled"].includes(job.status)) return job;
      await pause(100);
    }
  };
  return { call, login, ended, cookie: () => cookie, org: me.organization.id, user: me.user.id };
}
