// A preview: whatever a page names with a slash in front is found in its own folder, as it will be once published.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, Phone } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { Server } from "./support/server.mjs";

let server, browser, maker;
before(async () => {
  [server, browser] = await Promise.all([Server.start({ welcome: false }), launch()]);
  maker = await server.agent("ada");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2" width="20" height="20"><rect width="2" height="2"/></svg>';
const files = {
  "index.html": ["text/html", `<!doctype html><html lang="en"><head><title>Draft</title><link rel="stylesheet" href="/a.css"></head><body><h1>Draft</h1>
<img id="written" src="/p.svg" alt=""><script type="module">
import { one } from "/js/one.js";
const results = { one, lazy: (await import("/js/two.js")).two, near: (await import("./js/two.js")).two };
results.data = (await (await fetch("/data.json")).json()).n;
results.relative = (await (await fetch("data.json")).json()).n;
results.older = await new Promise((done) => { const r = new XMLHttpRequest(); r.open("GET", "/data.json"); r.onload = () => done(JSON.parse(r.responseText).n); r.send(); });
results.picture = await new Promise((done) => { const i = new Image(); i.onload = () => done(i.width); i.onerror = () => done("lost"); i.src = "/p.svg"; });
results.color = getComputedStyle(document.querySelector("h1")).color;
window.results = results;
</script></body></html>`],
  "a.css": ["text/css", "@import '/b.css';"],
  "b.css": ["text/css", "h1 { color: rgb(1, 2, 3) }"],
  "p.svg": ["image/svg+xml", picture],
  "data.json": ["application/json", '{"n": 5}'],
  "js/one.js": ["text/javascript", 'import { two } from "./two.js"; export const one = two - 1;'],
  "js/two.js": ["text/javascript", "export const two = 2;"],
};

journey("Addresses with a slash in front, written and asked for", Phone, async (reader, page) => {
  for (const [name, [type, body]] of Object.entries(files)) {
    await server.call("PUT", `/rooms/${maker.room}/files/creations/tide/${name}`, { token: maker.token, type, body });
  }
  const { url } = await server.call("GET", `/rooms/${maker.room}/draft-token`, { token: maker.token });
  await page.goto(url);
  await page.waitForFunction(() => window.results);
  assert.deepEqual(await page.evaluate(() => window.results), {
    one: 1, lazy: 2, near: 2, data: 5, relative: 5, older: 5, picture: 20, color: "rgb(1, 2, 3)",
  });
  assert.equal(await page.evaluate(() => document.querySelector("#written").naturalWidth), 20);
});
