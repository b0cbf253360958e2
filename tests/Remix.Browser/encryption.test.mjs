// The reference helper in a real browser, against the same vectors as Python, Node and the server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.mjs";
import { root } from "./support/server.mjs";

const files = { "/crypto.mjs": "sdk/typescript/crypto_helper.mjs", "/vectors.mjs": "tests/Remix.Tests/Sdk/vectors.mjs", "/vectors.json": "sdk/vectors/encryption.json" };

let server, browser;
before(async () => {
  server = createServer(async ({ url }, answer) => {
    if (!files[url]) return answer.setHeader("content-type", "text/html").end("<!doctype html><title>Vectors</title>");
    answer.setHeader("content-type", url.endsWith(".json") ? "application/json" : "text/javascript");
    answer.end(await readFile(join(root, files[url])));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

test("A browser agrees with the vectors", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const held = await page.evaluate(async () => {
    const [crypto, { check }, vectors] = await Promise.all([import("/crypto.mjs"), import("/vectors.mjs"), fetch("/vectors.json").then((file) => file.json())]);
    return check(crypto, vectors);
  });
  assert.equal(held, 54);
});
