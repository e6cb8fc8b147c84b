import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

test("TENANCY-05, TENANCY-07: a stranger with the addresses of another organization gets nothing of it", async ({ browser }) => {
  const [ours, theirs] = await Promise.all([browser.newContext(), browser.newContext()]);
  await register(ours.request);
  const company = await create(ours.request, "companies", { name: "Silver Birch" });
  const contact = await create(ours.request, "contacts", { first_name: "Silva", last_name: "Birch", company_id: company.id });
  const deal = await create(ours.request, "deals", { name: "Silver mirrors", company_id: company.id });
  await register(theirs.request);
  const records = [`companies/${company.id}`, `contacts/${contact.id}`, `deals/${deal.id}`];

  const owner = await ours.newPage();
  await owner.goto("/companies");
  await owner.getByRole("searchbox", { name: "Search companies" }).fill("Silver Birch");
  await expect(owner.getByRole("link", { name: "Silver Birch" }).first()).toBeVisible();

  const stranger = await theirs.newPage();
  const heard: string[] = [];
  stranger.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
  for (const record of records) {
    expect((await theirs.request.get(`/api/v1/${record}`)).status()).toBe(404);
    await stranger.goto(`/${record}`);
    await expect(stranger.getByText("There is nothing here")).toBeVisible();
    await expect(stranger.getByText(/Silv/)).toHaveCount(0);
  }
  // Beside a list, and by words.
  await stranger.goto(`/companies?open=${company.id}`);
  await expect(stranger.getByRole("complementary").getByText("It was deleted, or it is not yours to see.")).toBeVisible();
  await stranger.goto("/companies");
  await stranger.getByRole("searchbox", { name: "Search companies" }).fill("Silver Birch");
  await expect(stranger.getByText("No companies match")).toBeVisible();
  await stranger.keyboard.press("Control+k");
  await stranger.keyboard.type("silv");
  await expect(stranger.getByText("Nothing found for “silv”")).toBeVisible();
  await stranger.keyboard.press("Escape");

  // The live channel says hello and of ours nothing, while the owner's page hears of it.
  const greeted = heard.length;
  expect(heard.some((text) => text.includes('"hello"'))).toBe(true);
  const ourChange = owner.waitForResponse((response) => /\/api\/v1\/companies\?/.test(response.url()));
  await create(ours.request, "companies", { name: "Silver Birch Two" });
  await ourChange;
  const own = stranger.waitForResponse((response) => /\/api\/v1\/companies\?/.test(response.url()));
  await create(theirs.request, "companies", { name: "Their own" });
  await own;
  const told = heard.slice(greeted).map((text) => JSON.parse(text));
  expect(told.map((message) => message.event)).toEqual(["company.created"]);
  await Promise.all([ours.close(), theirs.close()]);
});

test("WEB-12: an unknown address says so, whatever it looks like", async ({ page }) => {
  await register(page.request);
  for (const path of ["/companies/01939b54-0000-7000-8000-000000000000", "/companies/nonsense", "/nowhere", "/deals/01939b54-0000-7000-8000-000000000000"]) {
    await page.goto(path);
    await expect(page.getByText("There is nothing here")).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  }
  await page.getByRole("link", { name: "Go to the dashboard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
});
