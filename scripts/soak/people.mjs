// What people do all day, in loops of their own, and what the server acknowledged of it.
import { randomUUID } from "node:crypto";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const KINDS = ["created", "updated", "read", "imports", "undone", "bulk", "exports"];

/** Begins the work; `goes` tells whether it still goes on, `warm` whether each kind of it has been done. */
export function people(who, goes) {
  const told = {
    /** Contacts by id: what they were last told to be called; `unsure` where the last answer did not come. */
    titles: new Map(),
    /** Imports that were begun, with what became of them. */
    imports: [],
    counts: { created: 0, updated: 0, read: 0, imports: 0, undone: 0, bulk: 0, exports: 0, unanswered: 0 },
    refused: [],
  };

  /** The answer; nothing where none came, which tells nothing of whether it was done. */
  async function ask(method, where, body) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await who.call(method, where, body);
      } catch (error) {
        if (error.status === 401 && attempt === 0) {
          await who.login().catch(() => pause(300));
        } else if (error.status === undefined || error.status === 503) {
          told.counts.unanswered++;
          await pause(300);
          return undefined;
        } else {
          told.refused.push(error.message);
          await pause(300);
          return undefined;
        }
      }
    }
  }

  /** The job when it has ended; it goes on after whatever was killed. */
  async function done(where) {
    for (;;) {
      const job = await ask("GET", where);
      if (job && ["completed", "failed", "cancelled"].includes(job.status)) return job;
      await pause(200);
    }
  }

  async function writer() {
    const own = [];
    while (goes()) {
      const name = `Writer ${randomUUID()}`;
      const made = await ask("POST", "/contacts", { first_name: "Soak", last_name: name, email: `${randomUUID()}@soak.example` });
      if (made) {
        told.counts.created++;
        told.titles.set(made.id, { name: `Soak ${name}`, unsure: false });
        own.push(made.id);
        const seen = await ask("GET", `/contacts/${made.id}`);
        if (seen && seen.name !== `Soak ${name}`) told.refused.push(`${made.id} was read as ${seen.name}`);
      }
      const id = own[Math.floor(Math.random() * own.length)];
      if (!id) continue;
      const next = `Writer ${randomUUID()}`;
      const changed = await ask("PATCH", `/contacts/${id}`, { last_name: next });
      if (changed) {
        told.counts.updated++;
        told.titles.set(id, { name: `Soak ${next}`, unsure: false });
      } else {
        told.titles.get(id).unsure = true;
      }
    }
  }

  async function reader() {
    const paths = ["/contacts", "/contacts?sort_by=email", "/search?q=anna", "/deals?view=pipeline", "/deals/pipeline", "/dashboard/metrics", "/activities", "/companies?search=berg"];
    for (let n = 0; goes(); n++) {
      const where = paths[n % paths.length];
      const page = await ask("GET", where);
      told.counts.read++;
      const cursor = page?.pagination?.next_cursor;
      if (cursor) await ask("GET", `${where}${where.includes("?") ? "&" : "?"}cursor=${cursor}`);
    }
  }

  async function importer() {
    for (let n = 0; goes(); n++) {
      const rows = 500 + 250 * (n % 7);
      const domain = `i${n}.soak.example`;
      const lines = Array.from({ length: rows }, (_, at) => `Imported,Person ${at},p${at}@${domain},Buyer ${n}`);
      const form = () => {
        const form = new FormData();
        form.append("entity", "contacts");
        form.append("file", new Blob([`First name,Last name,Email,Job title\n${lines.join("\n")}\n`]), `${n}.csv`);
        return form;
      };
      const preview = await ask("POST", "/import/preview", form());
      const begun = preview && (await ask("POST", "/import", { file_id: preview.file_id, plan: preview.plan }));
      if (!begun) continue;
      const one = { domain, rows, undone: false, changed: undefined };
      const job = await done(`/import/${begun.id}`);
      told.counts.imports++;
      one.job = job;
      told.imports.push(one);
      // Every third is undone; the others are changed together, and stay.
      if (n % 3 === 2) {
        const undo = await ask("POST", `/import/${begun.id}/undo`, {});
        if (!undo) continue;
        await done(`/bulk/jobs/${undo.id}`);
        one.undone = true;
        told.counts.undone++;
      } else {
        const scope = { filter: { field: "job_title", op: "eq", value: `Buyer ${n}` } };
        const bulk = await ask("POST", "/bulk/contacts", { action: "update", query: scope, fields: { department: `Soaked ${n}` } });
        if (!bulk) continue;
        one.changed = (await done(`/bulk/jobs/${bulk.id}`)).changed;
        told.counts.bulk++;
      }
    }
  }

  async function exporter() {
    while (goes()) {
      const begun = await ask("POST", "/exports/contacts", { format: "csv", query: { search: "berg" } });
      if (begun) {
        const job = await done(`/exports/files/${begun.id}`);
        told.counts.exports++;
        if (job.status !== "completed") told.refused.push(`an export ${job.status}: ${job.failure}`);
      }
      // A person may ask for twenty a minute.
      await pause(3_000);
    }
  }

  const loops = [writer(), writer(), reader(), reader(), importer(), exporter()];
  return { warm: () => KINDS.every((kind) => told.counts[kind] > 0), ended: async () => (await Promise.all(loops), told) };
}
