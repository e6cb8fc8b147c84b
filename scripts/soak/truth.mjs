// What has to be true of the database after all work is done.

/** What is not, in words. */
export async function faults(server, who, told) {
  const found = [...told.refused.map((text) => `not expected: ${text}`)];
  const org = `'${who.org}'`;
  const number = async (sql) => Number(await server.psql("postgres", sql));
  const none = async (what, sql) => {
    const n = await number(sql);
    if (n !== 0) found.push(`${n} ${what}`);
  };

  const said = [...told.titles].map(([id, { name, unsure }]) => `('${id}'::uuid, '${name}', ${unsure})`);
  for (let at = 0; at < said.length; at += 5_000) {
    const some = said.slice(at, at + 5_000).join(", ");
    await none(
      "contacts that were acknowledged are missing, or are not what was last acknowledged",
      `SELECT count(*) FROM (VALUES ${some}) AS s (id, name, unsure) LEFT JOIN contacts c ON c.org_id = ${org} AND c.id = s.id
        WHERE c.id IS NULL OR (c.name <> s.name AND NOT s.unsure)`,
    );
  }
  const soaked = `c.org_id = ${org} AND c.email_norm LIKE '%soak.example'`;
  await none("addresses are there twice", `SELECT count(*) FROM (SELECT 1 FROM contacts c WHERE ${soaked} GROUP BY email_norm HAVING count(*) > 1) d`);
  for (const [what, table, id, is] of [
    ["events", "domain_events", "entity_id", "x.type = 'contact.created'"],
    ["timeline entries", "activities", "entity_id", "x.entity_type = 'contact' AND x.activity_type = 'created'"],
  ]) {
    await none(
      `contacts have not exactly one of the ${what} that say they were created`,
      `SELECT count(*) FROM contacts c LEFT JOIN (SELECT x.${id} AS id, count(*) AS n FROM ${table} x WHERE x.org_id = ${org} AND ${is} GROUP BY 1) e
         ON e.id = c.id WHERE ${soaked} AND coalesce(e.n, 0) <> 1`,
    );
  }
  await none(
    "contacts are not found under their name",
    `SELECT count(*) FROM contacts c LEFT JOIN search_documents d ON d.org_id = c.org_id AND d.entity_type = 'contact' AND d.entity_id = c.id
      WHERE ${soaked} AND c.deleted_at IS NULL AND d.title IS DISTINCT FROM c.name`,
  );
  await none(
    "search documents tell of contacts that are not there",
    `SELECT count(*) FROM search_documents d LEFT JOIN contacts c ON c.org_id = d.org_id AND c.id = d.entity_id
      WHERE d.org_id = ${org} AND d.entity_type = 'contact' AND c.id IS NULL`,
  );
  await none(
    "is the difference between contacts and their kept number",
    `SELECT (SELECT count(*) FROM contacts WHERE org_id = ${org} AND deleted_at IS NULL)
          - (SELECT coalesce(sum(live), 0) FROM record_counts WHERE org_id = ${org} AND entity = 'contact')`,
  );
  await none("events were given up", `SELECT count(*) FROM domain_events WHERE parked_at IS NOT NULL`);
  for (const { domain, rows, undone, changed, job } of told.imports) {
    if (job.status !== "completed" || job.created !== rows) found.push(`import ${domain}: ${job.status}, ${job.created} of ${rows}`);
    const there = await number(`SELECT count(*) FROM contacts c WHERE c.org_id = ${org} AND c.deleted_at IS NULL AND email_norm LIKE '%@${domain}'`);
    if (there !== (undone ? 0 : rows)) found.push(`import ${domain}: ${there} of ${rows} are there${undone ? ", though it was undone" : ""}`);
    if (changed !== undefined && changed !== rows) found.push(`import ${domain}: ${changed} of ${rows} changed together`);
  }
  return found;
}
