import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

const rows = (page: Page) => page.getByRole("grid").getByRole("rowheader");

test("SEARCH-05, SEARCH-10: conditions are combined by and / or in groups, shown as one chip, changed and saved", async ({ page }) => {
  await register(page.request);
  for (const [name, amount, probability] of [
    ["Crane hire", 480_000, 20],
    ["Warehouse shelves", 1_250_000, 80],
    ["Small repair", 9_000, 90],
    ["Tiny job", 1_000, 10],
  ] as const) {
    await create(page.request, "deals", { name, amount_minor: amount, probability });
  }
  await page.goto("/deals");
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Combine with and / or…" }).click();
  const dialog = page.getByRole("dialog", { name: "Filter deals" });
  const line = (at: number) => dialog.getByRole("group", { name: "Condition", exact: true }).nth(at);
  const fill = async (at: number, field: string, comparison: string, value: string) => {
    await line(at).getByRole("combobox", { name: "Field" }).selectOption({ label: field });
    await line(at).getByRole("combobox", { name: "Comparison" }).selectOption(comparison);
    await line(at).getByRole("textbox", { name: new RegExp(`^${field}`) }).fill(value);
  };

  // Large ones, or small ones that are likely: (amount ≥ 10,000) or (amount ≤ 100 and probability ≥ 50).
  await dialog.getByRole("radio", { name: "Any of these" }).check();
  await fill(0, "Amount", "gte", "10000");
  await dialog.getByRole("button", { name: "Add group" }).click();
  await fill(1, "Amount", "lte", "a little");
  await dialog.getByRole("group", { name: "Group of conditions" }).getByRole("button", { name: "Add condition" }).click();
  await fill(2, "Probability", "gte", "50");
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(line(1).getByRole("alert")).toHaveText("Please enter an amount such as 1,250.00.");
  await expect(dialog).toBeVisible();
  await fill(1, "Amount", "lte", "100");
  await expect(line(1).getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(dialog).toBeHidden();
  await expect(rows(page)).toHaveText(["Small repair", "Warehouse shelves"], { useInnerText: true });

  // In the address, as one chip that opens the builder again.
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: /^Filter any of 3 conditions/ }).click();
  await expect(line(0).getByRole("combobox", { name: "Comparison" })).toHaveValue("gte");
  await line(0).getByRole("button", { name: "Remove this condition" }).click();
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(rows(page)).toHaveText(["Small repair"], { useInnerText: true });
  await page.getByRole("button", { name: /^Remove filter/ }).click();
  await expect(rows(page)).toHaveCount(4);
});

test("SEARCH-05: lists are filtered by the company of a contact, and by whether a company has deals", async ({ page }) => {
  await register(page.request);
  const acme = await create(page.request, "companies", { name: "Acme", industry: "Retail" });
  const bolt = await create(page.request, "companies", { name: "Bolt", industry: "Steel" });
  await create(page.request, "contacts", { first_name: "Ada", company_id: acme.id });
  await create(page.request, "contacts", { first_name: "Bob", company_id: bolt.id });
  await create(page.request, "deals", { name: "Engine", company_id: acme.id });
  await create(page.request, "deals", { name: "Rail", company_id: bolt.id, status: "won" });

  await page.goto("/contacts");
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("searchbox", { name: "Find a field" }).fill("company: ind");
  await page.getByRole("button", { name: "Company: Industry" }).click();
  await page.getByRole("combobox", { name: "Comparison" }).selectOption("eq");
  await page.getByRole("textbox", { name: "Industry" }).fill("Retail");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveText([/Ada$/], { useInnerText: true });
  await expect(page.getByRole("button", { name: /^Company: Industry is Retail/ })).toBeVisible();

  await page.goto("/companies");
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Deals", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Filter companies" });
  const outer = dialog.getByRole("group", { name: "Condition", exact: true }).first();
  await outer.getByRole("combobox", { name: "Comparison" }).first().selectOption("none");
  await outer.getByRole("button", { name: "Add condition" }).click();
  const inner = outer.getByRole("group", { name: "Condition", exact: true });
  await inner.getByRole("combobox", { name: "Field" }).selectOption({ label: "Status" });
  await inner.getByRole("checkbox", { name: "Open" }).check();
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(rows(page)).toHaveText([/Bolt$/], { useInnerText: true });
  const chip = page.getByRole("button", { name: /^Deals has none where Status is any of Open/ });
  await expect(chip).toBeVisible();

  // It opens as it was, and is turned round.
  await page.reload();
  await chip.click();
  await expect(inner.getByRole("checkbox", { name: "Open" })).toBeChecked();
  await outer.getByRole("combobox", { name: "Comparison" }).first().selectOption("any");
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(rows(page)).toHaveText([/Acme$/], { useInnerText: true });
});

test("SEARCH-04, SEARCH-05: a moment is compared with two days, both included", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Of today" });
  const today = new Date().toISOString().slice(0, 10);
  await page.goto("/companies");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const box = page.getByRole("dialog", { name: "Filter" });
  await box.getByRole("button", { name: "Created", exact: true }).click();
  await box.getByRole("combobox", { name: "Comparison" }).selectOption("between");
  await box.getByRole("textbox", { name: /Created.* from/ }).fill(today);
  await box.getByRole("textbox", { name: /Created.* to/ }).fill(today);
  await box.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page).toHaveURL(/between/);
  await expect(rows(page)).toContainText(["Of today"]);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: /^Created is between/ }).click();
  await expect(page.getByRole("textbox", { name: /Created.* from/ })).not.toHaveValue("");
});
