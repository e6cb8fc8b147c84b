import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { refuse } from "../fixtures/problems";

/** Lets every read of an address fail until the returned function is called. */
async function broken(page: Page, address: RegExp): Promise<() => Promise<void>> {
  await page.route(address, (route) => refuse(route, 500, "internal", "The database is away."));
  return () => page.unroute(address);
}

test("WEB-09: what cannot be loaded says so with the request id, and Retry loads it", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await create(page.request, "deals", { name: "Crane hire", company_id: company.id });
  const places = [
    { path: "/companies", address: /\/api\/v1\/companies\?/, title: "The companies could not be loaded", shows: "Blue Finch Ltd" },
    { path: `/companies/${company.id}`, address: /\/api\/v1\/companies\/[0-9a-f-]{36}$/, title: "The company could not be loaded", shows: "Blue Finch Ltd" },
    { path: "/pipeline", address: /\/api\/v1\/deals\?.*view=pipeline/, title: "The board could not be loaded", shows: "Crane hire" },
  ];
  for (const { path, address, title, shows } of places) {
    const repair = await broken(page, address);
    await page.goto(path);
    const failure = page.getByRole("alert").filter({ hasText: title });
    await expect(failure.getByText("The database is away.")).toBeVisible();
    await expect(failure.getByText("made-up-request")).toBeVisible();
    await repair();
    await failure.getByRole("button", { name: "Retry" }).click();
    await expect(page.getByText(shows).first()).toBeVisible();
    await expect(failure).toHaveCount(0);
  }
});

test("WEB-09: a save that fails is put back with Retry, and Retry saves it", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd", industry: "Fishing" });
  await page.goto(`/companies/${company.id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  await page.route(`**/api/v1/companies/${company.id}`, (route) => (route.request().method() === "PATCH" ? route.abort() : route.fallback()));
  await properties.getByRole("button", { name: /edit industry/i }).click();
  await properties.getByRole("textbox", { name: "Industry" }).fill("Ropes");
  await properties.getByRole("textbox", { name: "Industry" }).press("Enter");
  await expect(page.getByText("The server could not be reached. Check your connection and try again.").first()).toBeVisible();
  await expect(properties.getByText("Fishing")).toBeVisible();
  await page.unroute(`**/api/v1/companies/${company.id}`);
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(properties.getByText("Ropes")).toBeVisible();
  await expect.poll(async () => (await (await page.request.get(`/api/v1/companies/${company.id}`)).json()).industry).toBe("Ropes");
});

test("WEB-30: a table of 100,000 rows keeps fewer than 200 of them on the page", async ({ page }) => {
  await page.goto("/dev/ui");
  const grid = page.getByRole("grid", { name: "Companies", exact: true });
  await expect(grid).toHaveAttribute("aria-rowcount", "100001");
  await grid.scrollIntoViewIfNeeded();
  await expect(grid.getByRole("row").nth(3)).toBeVisible();
  const drawn = () => grid.getByRole("row").count();
  expect(await drawn()).toBeLessThan(200);
  for (const share of [0.25, 0.5, 1]) {
    await grid.evaluate((element, share) => element.scrollTo(0, element.scrollHeight * share), share);
    await expect.poll(async () => Number(await grid.getByRole("row").last().getAttribute("aria-rowindex"))).toBeGreaterThan(100_000 * share * 0.9);
    expect(await drawn()).toBeLessThan(200);
  }
});
