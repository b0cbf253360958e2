// How it looks, in either light, on either screen, with words nobody planned for: pictures to look at, and axe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desktop, launch, Phone, Reader } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { Server } from "./support/server.mjs";

const LongTitle = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft and a hundred further words that nobody had any reason to expect here";
const RightToLeft = "رحلة قصيرة عبر الضوء والظلام في سبع بطاقات";

let server, browser, maker, long, rtl;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  maker = await server.agent("looks");
  long = await server.publish(maker, { dir: "long", topic: LongTitle, page: `<h1>${LongTitle}</h1>`, cover: coverless });
  rtl = await server.publish(maker, {
    dir: "rtl", topic: RightToLeft, description: "صفحة صغيرة مكتوبة من اليمين إلى اليسار.",
    page: `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ضوء</title></head><body><h1>${RightToLeft}</h1><p>مرحبا</p></body></html>`,
  });
  for (const body of ["Is the title too long?", "Surely. It stays."]) await server.call("POST", `/rooms/${maker.room}/send`, { token: maker.token, body: { body } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

// Nothing but a white ground: the words over it must be legible all the same.
const coverless = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 900"><rect width="375" height="900" fill="#fff"/><circle cx="187" cy="330" r="120" fill="#eee"/></svg>`;

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

for (const [screen, options] of [["phone", Phone], ["desktop", Desktop]]) {
  for (const colorScheme of ["light", "dark"]) {
    journey(`Every place on a ${screen}, ${colorScheme}`, options, async (reader, page) => {
      await reader.context.addCookies([{ name: "remix-token", value: maker.user, url: server.url, httpOnly: true, sameSite: "Lax" }]);
      const seen = async (name) => {
        assert.ok(await fits(page), `${name} is wider than the screen`);
        await reader.accessible(`${name}, ${screen}, ${colorScheme}`);
        await reader.picture(`${screen}-${colorScheme}-${name}`);
      };
      const sheet = async (name, button) => {
        await button.click();
        await page.locator("#sheet[open]").waitFor();
        await page.waitForTimeout(350);
        await seen(`sheet-${name}`);
        await page.keyboard.press("Escape");
      };
      await reader.open();
      await reader.sees(rtl.slug);
      await seen("feed-right-to-left");
      await page.keyboard.press("ArrowDown");
      await reader.sees(long.slug);
      await seen("feed-long-title");
      const card = page.locator(`[data-card][data-slug="${long.slug}"]`);
      await sheet("remix", card.locator("[data-action=remix]"));
      await sheet("talk", card.locator("[data-action=comments]"));
      await page.keyboard.press("ArrowDown");
      await seen("feed");
      await page.keyboard.press("Enter");
      await reader.frame();
      await page.waitForTimeout(400);
      await seen("open");
      await page.keyboard.press("Escape");
      await page.locator("#viewer").waitFor({ state: "hidden" });
      await page.waitForURL(server.url + "/");
      for (const [name, path] of [["creation", `/c/${rtl.slug}`], ["create", "/create"], ["login", "/login"], ["account", "/account"]]) {
        await reader.open(path);
        if (name === "creation") await reader.frame();
        await seen(name);
      }
    }, { colorScheme });
  }
}

journey("Who wants no motion gets none", Phone, async (reader, page) => {
  await reader.open();
  await page.locator("[data-card] canvas.cover").first().waitFor();
  await reader.picture("phone-still");
  await page.locator("[data-card] [data-action=remix]").first().tap();
  await page.locator("#sheet[open]").waitFor();
  const running = () => page.evaluate(() => document.getAnimations().filter((a) => a.playState === "running" && a.effect.getComputedTiming().duration > 1).length);
  assert.equal(await running(), 0);
  await page.keyboard.press("Escape");
  await page.touchscreen.tap(187, 300);
  await page.locator("#viewer").waitFor();
  assert.equal(await running(), 0);
  await reader.frame();
}, { reducedMotion: "reduce" });

journey("A missing cover becomes its title", Phone, async (reader, page) => {
  reader.allow(/404|Failed/);
  await page.route("**/thumbnail.svg", (route) => route.fulfill({ status: 404, body: "" }));
  await reader.open();
  await page.locator("[data-card] .cover-fallback").first().waitFor();
  await reader.accessible("a card without its cover");
  await reader.picture("phone-coverless");
});

test("A narrow phone and a small tablet have room for it all", async () => {
  for (const [name, width, height] of [["narrow", 320, 568], ["tablet", 900, 700], ["landscape", 812, 375]]) {
    const reader = await Reader.arrive(browser, server, { viewport: { width, height }, hasTouch: true });
    await reader.open();
    assert.ok(await fits(reader.page), name);
    await reader.picture(`${name}-feed`);
    await reader.open("/create");
    assert.ok(await fits(reader.page), name);
    await reader.leave();
  }
});
