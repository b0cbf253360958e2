// Back to the same place, whatever came between: a reload, a detour, a game, a server that was gone.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, Phone } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { Server } from "./support/server.mjs";

let server, browser, feed;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  const maker = await server.agent("prolific");
  for (let page = 0; page < 8; page++) await server.publish(maker, { dir: `page-${page}`, topic: `Page number ${page}` });
  feed = await server.feed();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

// Beyond the first page, so that the way back has something to fetch.
async function goTo(reader, index) {
  for (let at = 0; at <= index; at++) {
    await reader.page.locator("#feed").evaluate((column, to) => { column.scrollTop = to * column.clientHeight; }, at);
    await reader.sees(feed[at].slug);
  }
  return feed[index].slug;
}

async function returns(reader, slug) {
  await reader.page.locator("html[data-live]").waitFor();
  await reader.sees(slug);
}

journey("A reload of an open creation keeps every way back, and the way forward", Phone, async (reader, page) => {
  await reader.open();
  const slug = await goTo(reader, 11);
  const opened = async () => {
    await page.touchscreen.tap(187, 300);
    await reader.frame();
    await page.reload();
    await reader.frame();
    assert.equal(new URL(page.url()).pathname, `/c/${slug}`);
  };
  await opened();
  await page.goBack();
  await returns(reader, slug);
  await page.goForward();
  await reader.frame();
  await page.keyboard.press("Escape");
  await returns(reader, slug);
  await opened();
  await page.locator("[data-action=back]").tap();
  await returns(reader, slug);
  await page.getByRole("link", { name: "Remix" }).first().tap();
  await page.waitForFunction(() => document.documentElement.dataset.live === "" && document.getElementById("feed").scrollTop === 0);
});

journey("Joining, a game and the browser's Back lead to the card one came from", Phone, async (reader, page) => {
  await reader.open();
  const slug = await goTo(reader, 10);
  await page.locator(`[data-slug="${slug}"] [data-action=like]`).tap();
  await page.getByRole("link", { name: "Sign in or join" }).tap();
  await page.getByLabel("Choose a name").fill("wanderer");
  await page.getByRole("button", { name: "Make it" }).tap();
  await page.getByLabel("I have saved them").check();
  await page.getByRole("link", { name: "Go on" }).tap();
  await returns(reader, slug);
  const game = await goTo(reader, feed.findIndex(({ category }) => category === "games"));
  await page.touchscreen.tap(187, 300);
  await page.waitForURL(`**/play/${game}`);
  await page.goBack();
  await returns(reader, game);
});

journey("A page that cannot come says so, and comes when the server is there again", Phone, async (reader, page) => {
  reader.allow(/ERR_|Failed to load/);
  await reader.open();
  await server.down();
  await page.touchscreen.tap(187, 300);
  await page.getByRole("heading", { name: "The page is not here yet" }).waitFor();
  await reader.accessible("a page that does not come");
  await server.up();
  await page.getByRole("button", { name: "Try again" }).tap();
  await reader.frame();
  await page.goBack();
  await reader.sees(feed[0].slug);
});
