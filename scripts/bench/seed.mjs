// Fills an organization with contacts, companies and deals, as imports would have left it.
import fs from "node:fs";
import path from "node:path";

export async function seed(server, who, rows) {
  for (const [name, type] of [["Fleet", "number"], ["Tier", "text"]]) {
    await who.call("POST", "/field-definitions", { entity: "contact", name, type });
  }
  const [pipeline] = (await who.call("GET", "/pipelines")).data;
  const values = { org: who.org, owner: who.user, rows, pipeline: pipeline.id };
  const settings = Object.entries(values).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
  await server.psql("postgres", fs.readFileSync(path.join(import.meta.dirname, "seed.sql")), settings);
}
