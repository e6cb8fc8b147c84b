import { type APIRequestContext, expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { refuse } from "../fixtures/problems";

/** More rows than numbered pages have, and more than the total of a filtered list is counted to. */
const ROWS = 12_345;
const name = (n: number) => `Row ${String(n).padStart(5, "0")}`;

/** Imports companies called Row 00001 and so on. */
async function fill(request: APIRequestContext): Promise<void> {
  const lines = Array.from({ length: ROWS }, (_, n) => `${name(n + 1)},Retail`);
  const buffer = Buffer.from(["name,industry", ...lines].join("\n"));
  const file = { name: "rows.csv", mimeType: "text/csv", buffer };
  const preview = await request.post("/api/v1/import/preview", { multipart: { entity: "companies", file } });
  expect(preview.status(), await preview.text()).toBe(200);
  const { file_id, plan } = await preview.json();
  const started = await request.post("/api/v1/import", { data: { file_id, plan } });
  expect(started.status(), await started.text()).toBe(202);
  const total = async () => (await (await request.get("/api/v1/companies?limit=1")).json()).pagination.total;
  await expect.poll(total, { timeout: 60_000 }).toBe(ROWS);
  const state = async () => (await (await request.get(`/api/v1/import/${file_id}`)).json()).status;
  await expect.poll(state, { timeout: 60_000 }).toBe("completed");
}

/** What stands in the rows on the screen, with their numbers from 1; nothing while one of them is blank. */
async function rows(page: Page): Promise<[number, string][]> {
  return await page.getByRole("grid").evaluate((grid) => {
    const frame = grid.getBoundingClientRect();
    const found: [number, string][] = [];
    for (const row of grid.querySelectorAll("[role=row][aria-rowindex]")) {
      const box = row.getBoundingClientRect();
      if (row.querySelector("[role=columnheader]") || box.bottom <= frame.top + 36 || box.top >= frame.bottom) continue;
      const title = row.querySelector("[role=rowheader] .vt-text")?.textContent;
      if (!title) return [];
      found.push([Number(row.getAttribute("aria-rowindex")) - 1, title]);
    }
    return found;
  });
}

/** Waits for rows, and takes them to be the right ones at their places. */
async function shows(page: Page, at: (row: number) => string, holds: (numbers: number[]) => boolean): Promise<void> {
  const numbers = async () => (await rows(page)).map(([number]) => number);
  await expect.poll(async () => holds(await numbers())).toBe(true);
  const shown = await rows(page);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown).toEqual(shown.map(([number]) => [number, at(number)]));
}

/** A frame that took longer than this, in ms, was late for want of a processor. */
const LATE = 50;

/** Watches from now on for how long a row on the screen stays blank, at most, in ms: by the clock; and by the frames that
 * were drawn, of which a late one counts as {@link LATE}, because the browser tests beside this one slow the clock's time. */
const watch = (page: Page) =>
  page.getByRole("grid").evaluate((grid, late) => {
    const since = new Map<string, { clock: number; frames: number }>();
    const longest = { clock: 0, frames: 0 };
    let [frames, before] = [0, performance.now()];
    const look = (now: number) => {
      frames += Math.min(now - before, late);
      before = now;
      const frame = grid.getBoundingClientRect();
      const blank = new Set<string>();
      for (const row of grid.querySelectorAll(".vt-row")) {
        const box = row.getBoundingClientRect();
        const index = row.getAttribute("aria-rowindex") ?? "";
        if (box.bottom > frame.top + 36 && box.top < frame.bottom && !row.querySelector("[role=rowheader]")) blank.add(index);
      }
      for (const index of since.keys()) if (!blank.has(index)) since.delete(index);
      for (const index of blank) {
        const from = since.get(index) ?? { clock: now, frames };
        since.set(index, from);
        longest.clock = Math.max(longest.clock, now - from.clock);
        longest.frames = Math.max(longest.frames, frames - from.frames);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(window, { blankRows: longest });
  }, LATE);
const longestBlank = (page: Page) => page.evaluate(() => (window as unknown as { blankRows: { clock: number; frames: number } }).blankRows);

/** Turns the wheel, down and back. Rows are there before they are on the screen, so that none stays blank: 300 ms at most
 * on a machine that has nothing else to do. */
async function steadily(page: Page): Promise<void> {
  const top = () => page.getByRole("grid").evaluate((grid) => grid.scrollTop);
  const from = await top();
  await watch(page);
  await page.mouse.move(600, 500);
  for (let n = 0; n < 60; n++) {
    await page.mouse.wheel(0, n < 40 ? 300 : -300);
    await page.waitForTimeout(16);
  }
  await expect.poll(async () => (await rows(page)).length).toBeGreaterThan(0);
  expect(await top()).toBeGreaterThan(from + 4_000);
  const { clock, frames } = await longestBlank(page);
  console.log(`the longest that a row stayed blank: ${Math.round(clock)} ms, ${Math.round(frames)} ms of frames`);
  expect(frames).toBeLessThan(750);
  // What keeps the page from drawing at all is not in the frames.
  expect(clock).toBeLessThan(2_000);
}

const scroll = (page: Page, share: number) =>
  page.getByRole("grid").evaluate((grid, share) => grid.scrollTo(0, grid.scrollHeight * share), share);
const near = (wanted: number) => (numbers: number[]) => numbers.some((number) => Math.abs(number - wanted) < 50);

test("WEB-30, COMPANY-12: a list of any length is jumped into anywhere, by mouse and by keyboard", async ({ page }) => {
  test.setTimeout(180_000);
  await register(page.request);
  await fill(page.request);
  await page.goto("/companies?sort_by=name");
  const grid = page.getByRole("grid");
  await expect(grid).toHaveAttribute("aria-rowcount", String(ROWS + 1));
  await shows(page, name, (numbers) => numbers.includes(1));
  for (const share of [0.95, 0.5, 0.85, 0.9]) {
    await scroll(page, share);
    await shows(page, name, near(ROWS * share));
  }
  await scroll(page, 1);
  await shows(page, name, (numbers) => numbers.includes(ROWS));

  await grid.focus();
  await page.keyboard.press("Control+Home");
  await shows(page, name, (numbers) => numbers.includes(1));
  await page.keyboard.press("Control+End");
  await shows(page, name, (numbers) => numbers.includes(ROWS));
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await shows(page, name, (numbers) => numbers.length > 0 && !numbers.includes(ROWS));

  await scroll(page, 0.7);
  await shows(page, name, near(ROWS * 0.7));
  await steadily(page);
  await shows(page, name, (numbers) => numbers.length > 0);

  // The other way round; a filter, whose total is an estimate until the cursors are there.
  await page.goto("/companies?sort_by=-name");
  await expect(grid).toHaveAttribute("aria-rowcount", String(ROWS + 1));
  await scroll(page, 0.92);
  await shows(page, (n) => name(ROWS + 1 - n), near(ROWS * 0.92));
  const filter = JSON.stringify({ field: "industry", op: "eq", value: "Retail" });
  await page.goto(`/companies?sort_by=name&filter=${encodeURIComponent(filter)}`);
  await expect(grid).toHaveAttribute("aria-rowcount", String(ROWS + 1));
  await expect(page.getByText("12,345", { exact: true })).toBeVisible();
  await scroll(page, 1);
  await shows(page, name, (numbers) => numbers.includes(ROWS));

  // The cursors are kept for a while: a list that became shorter or longer ends where it does all the same.
  const last = await page.request.get("/api/v1/companies?sort_by=-name&limit=60&fields=id");
  for (const { id } of (await last.json()).data) {
    expect((await page.request.delete(`/api/v1/companies/${id}`)).status()).toBe(204);
  }
  await expect(grid).toHaveAttribute("aria-rowcount", String(ROWS - 60 + 1));
  await shows(page, name, (numbers) => numbers.includes(ROWS - 60));
  await create(page.request, "companies", { name: name(ROWS - 59), industry: "Retail" });
  await expect(grid).toHaveAttribute("aria-rowcount", String(ROWS - 60 + 2));
  await grid.focus();
  await page.keyboard.press("Control+End");
  await shows(page, name, (numbers) => numbers.includes(ROWS - 59));
});

/** A new organization, and what its server answers for the company called "Row n": made of one that it has. */
async function oneOfMany(page: Page): Promise<(n: number) => object> {
  await register(page.request);
  const { id } = await create(page.request, "companies", { name: "One of many" });
  const company = await (await page.request.get(`/api/v1/companies/${id}`)).json();
  return (n) => ({ ...company, id: `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`, name: `Row ${n}` });
}

test("WEB-30: in a list of a million rows the scroll bar is a scale model, and few rows are on the page", async ({ page }) => {
  test.setTimeout(120_000);
  const row = await oneOfMany(page);
  const total = 1_000_000;
  let broken = true;
  // The server's part, which answers from the numbers alone: cursors are the numbers of their rows.
  await page.route(/\/api\/v1\/companies(\/cursors)?\?/, async (route) => {
    const url = new URL(route.request().url());
    const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
    if (url.pathname.endsWith("/cursors")) {
      if (broken) return await refuse(route, 500, "internal", "Something went wrong on our side.");
      const cursors = Array.from({ length: 999 }, (_, k) => String((k + 1) * 1_000));
      return await route.fulfill({ json: { every: 1_000, total, cursors } });
    }
    const limit = number("limit", 50);
    const first = url.searchParams.has("cursor") ? number("cursor", 0) + number("skip", 0) : (number("page", 1) - 1) * limit;
    const data = Array.from({ length: Math.min(limit, total - first) }, (_, n) => row(first + n + 1));
    const next_cursor = first + limit < total ? String(first + limit) : null;
    const pagination = { page: null, limit, total, total_exact: true, pages: total / limit, next_cursor, prev_cursor: null };
    await route.fulfill({ json: { data, pagination } });
  });
  await page.goto("/companies?sort_by=name");
  const grid = page.getByRole("grid");
  const at = (n: number) => `Row ${n}`;
  // Without cursors there are the numbered pages.
  await expect(page.getByText("Rows after the first 10,000 could not be loaded.")).toBeVisible({ timeout: 30_000 });
  await expect(grid).toHaveAttribute("aria-rowcount", "10001");
  await scroll(page, 1);
  await shows(page, at, (numbers) => numbers.includes(10_000));
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", String(total + 1));
  await expect(page.getByText("Rows after the first 10,000 could not be loaded.")).toHaveCount(0);
  for (const share of [0.37, 0.9, 0.011]) {
    await scroll(page, share);
    await shows(page, at, (numbers) => numbers.some((number) => Math.abs(number - total * share) < 200));
    expect(await grid.getByRole("row").count()).toBeLessThan(200);
  }
  await steadily(page);
  await shows(page, at, (numbers) => numbers.length > 0);

  // The same elements show whatever scrolls past; read aloud their rows are in order.
  const elements = await grid.evaluateHandle((grid) => [...grid.querySelectorAll(".vt-row")]);
  await grid.getByRole("checkbox").nth(12).click();
  await scroll(page, 0.4242);
  await shows(page, at, (numbers) => numbers.some((number) => Math.abs(number - total * 0.4242) < 200));
  const { stay, order } = await elements.evaluate((rows) => {
    const owned = rows[0].parentElement?.getAttribute("aria-owns")?.split(" ") ?? [];
    const order = owned.map((id) => Number(document.getElementById(id)?.getAttribute("aria-rowindex")));
    return { stay: rows.filter((row) => row.isConnected).length, order };
  });
  expect(stay).toBe(order.length);
  expect(order).toEqual(order.map((_, n) => order[0] + n));
  // The row with the keyboard is gone: not the one in its place has it now, but the table. And what was selected is not here.
  await expect(grid).toBeFocused();
  await expect(grid.getByRole("row", { selected: true })).toHaveCount(0);
  await expect(page.getByText("1 selected")).toBeVisible();

  await page.keyboard.press("Control+End");
  await shows(page, at, (numbers) => numbers.includes(total));
  // The keyboard's cell is marked though its row was drawn after it had come there.
  const active = grid.locator("[data-active]");
  await expect(active).toHaveCount(1);
  expect(await grid.getAttribute("aria-activedescendant")).toBe(await active.getAttribute("id"));
  await expect(grid.locator(`[aria-rowindex="${total + 1}"]`).filter({ has: page.locator("[data-active]") })).toHaveCount(1);
  await page.keyboard.press("Control+Home");
  await shows(page, at, (numbers) => numbers.includes(1));
});

test("WEB-05, WEB-30: what was typed is saved when its row scrolls away, and the row comes back where it is refused", async ({ page }) => {
  await register(page.request);
  const people = Array.from({ length: 80 }, (_, n) => ({ first_name: "Row", last_name: String(n + 10), email: `row${n}@example.com` }));
  await Promise.all(people.map((person) => create(page.request, "contacts", person)));
  await page.goto("/contacts?sort_by=name");
  const grid = page.getByRole("grid");
  const row = grid.getByRole("row", { name: "Row 15" });
  const editor = page.getByRole("textbox", { name: "Email of Row 15" });
  const edit = async (email: string) => {
    await row.getByRole("gridcell").nth(3).dblclick({ position: { x: 3, y: 3 } });
    await editor.fill(email);
    await scroll(page, 1);
  };
  await edit("nobody");
  await expect(editor).toHaveValue("nobody");
  await expect(editor).toBeInViewport();
  await expect(row.getByText(/email address/)).toBeInViewport();
  await editor.press("Escape");

  await edit("ropes@example.com");
  await expect(grid.getByRole("row", { name: "Row 89" })).toBeInViewport();
  await expect(grid).toBeFocused();
  await expect(grid.locator(".vt-row", { hasNot: page.locator("a") })).toHaveCount(0);
  await scroll(page, 0);
  await expect(row.getByText("ropes@example.com")).toBeVisible();
  await expect(editor).toHaveCount(0);
  await page.reload();
  await expect(row.getByText("ropes@example.com")).toBeVisible();
});

declare global {
  interface Window {
    appMemory?: WebAssembly.Memory;
  }
}

test("WEB-30: the app takes no more memory however many rows have been on the screen", async ({ page }) => {
  await page.addInitScript(() => {
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const started = await start.apply(WebAssembly, given);
      window.appMemory ??= started.instance.exports.memory as WebAssembly.Memory | undefined;
      return started;
    };
  });
  const row = await oneOfMany(page);
  const total = 500;
  await page.route(/\/api\/v1\/companies\?/, async (route) => {
    const number = Number(new URL(route.request().url()).searchParams.get("page") ?? 1);
    const data = Array.from({ length: 100 }, (_, n) => row((number - 1) * 100 + n + 1));
    const pagination = { page: number, limit: 100, total, total_exact: true, pages: 5, next_cursor: number < 5 ? "x" : null, prev_cursor: null };
    await route.fulfill({ json: { data, pagination } });
  });
  await page.goto("/companies?sort_by=name");
  await shows(page, (n) => `Row ${n}`, (numbers) => numbers.includes(1));
  /** Scrolls to the end and back, so slowly that each row is drawn; how many MB the app has then. */
  const pass = () =>
    page.getByRole("grid").evaluate(async (grid) => {
      for (const step of [450, -450]) {
        let before = -1;
        while (grid.scrollTop !== before) {
          before = grid.scrollTop;
          grid.scrollBy(0, step);
          await new Promise((drawn) => requestAnimationFrame(drawn));
        }
      }
      return (window.appMemory?.buffer.byteLength ?? 0) / 1e6;
    });
  const first = await pass();
  const later = await pass();
  console.log(`memory of the app: ${first} MB after 1,000 rows, ${later} MB after 2,000`);
  expect(first).toBeGreaterThan(1);
  // Each row that was drawn once left 2 kB behind: 2 MB here.
  expect(later - first).toBeLessThan(1);
});
