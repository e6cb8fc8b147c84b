import { expect, test } from "../fixtures/test";
import { register } from "../fixtures/account";
import { colleague } from "../fixtures/people";
import { readFile } from "node:fs/promises";

test("AUDIT-03, AUDIT-04, EXPORT-05: an administrator finds who did what and takes it along as a file", async ({ browser, page }) => {
  const owner = await register(page.request);
  const vera = await colleague(browser, page.request, "member", "Vera Stone");
  await vera.context.close();
  const changed = await page.request.put(`/api/v1/members/${vera.id}/role`, { data: { role: "manager" } });
  expect(changed.status()).toBe(200);

  await page.goto("/settings");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit log" }).click();
  const rows = page.getByRole("table").getByRole("row");
  const latest = rows.filter({ hasText: "changed the role of Vera Stone from Member to Manager" });
  await expect(latest).toContainText(owner.name);
  await expect(latest).toContainText("127.0.0.1");

  await page.getByRole("combobox", { name: "What" }).selectOption({ label: "Role changed" });
  await expect(rows).toHaveCount(2);
  await page.getByRole("combobox", { name: "Who" }).selectOption({ label: "Vera Stone" });
  await expect(page.getByText("No entries")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Who" })).toHaveValue("");
  await expect(rows).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "What" })).toHaveValue("role_changed");
  await expect(rows).toHaveCount(2);
  await page.getByLabel("To", { exact: true }).fill("2020-01-31");
  await expect(page.getByText("No entries")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("");
  await expect(rows).toHaveCount(2);

  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await waiting;
  expect(file.suggestedFilename()).toMatch(/^Audit log \d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("changed the role of Vera Stone from Member to Manager");

  await page.getByRole("link", { name: "Clear" }).click();
  await expect(latest).toBeVisible();
  expect(await rows.count()).toBeGreaterThan(2);
});
