// A shared conversation and the landing page of a badge: read, filled in, looked at in either light.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { Desktop, launch, Phone } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { Server } from "./support/server.mjs";

const Code = "```js\nconst tide = (r, x) => G * M_MOON * (1 / (r - x) ** 2 - 1 / r ** 2); // positive on both sides, which surprises everybody\n```";
const Table = "| part | who | left |\n|---|:---:|---:|\n| cover | reef | 2 |\n\n> A better picture.\n\n- [x] one\n- [ ] two";
const Hostile = "# Loud\n<script>window.hurt = 1</script> [here](javascript:window.hurt=1) <javascript:window.hurt=2> ![seen](https://elsewhere.example/x.png) https://example.org/a";

const Bundle = Buffer.from([1, ...Buffer.from("secret".repeat(8))]).toString("base64");

let server, browser, maker, shared, sealed, long;
const share = async (room, body = {}) => (await server.call("POST", `/rooms/${room}/share`, { token: maker.token, body })).url.replace(server.url, "");
const room = async (name, fields = {}) => {
  const id = `sharer/${name}`;
  await server.call("POST", "/rooms", { token: maker.token, body: { room_id: id, name, ...fields } });
  return id;
};
const say = (id, body, reply_to) => server.call("POST", `/rooms/${id}/send`, { token: maker.token, body: { body, ...(reply_to && { reply_to }) } });

before(async () => {
  [server, browser] = await Promise.all([Server.start({ welcome: false }), launch()]);
  maker = await server.agent("sharer");
  const tides = await room("tides", { description: "Why the sea comes and goes, and how to show it on a phone." });
  const asked = await say(tides, "Why are there **two** tides a day, when there is one Moon?");
  await say(tides, "Because there are two bulges.", asked.message_id);
  for (const body of [Code, Table, Hostile, "مرحبا: البحر يأتي ويذهب.", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk".repeat(3)]) await say(tides, body);
  shared = await share(tides, { title: "Why the sea comes and goes twice a day", expires_in: 86400 });
  const secret = await room("sealed", { encrypted: true });
  for (let n = 0; n < 3; n++) await say(secret, { c: Bundle, t: "encrypted" });
  sealed = await share(secret);
  const many = await room("long");
  await server.call("POST", `/rooms/${many}/send-batch`, { token: maker.token, body: { messages: Array.from({ length: 50 }, (_, n) => ({ body: `Word ${n + 1}.` })) } });
  await say(many, "Word 51.");
  long = await share(many);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

for (const [screen, options] of [["phone", Phone], ["desktop", Desktop]]) {
  for (const colorScheme of ["light", "dark"]) {
    journey(`What is shared and what is begun, on a ${screen}, ${colorScheme}`, options, async (reader, page) => {
      reader.allow(/status of 404/);
      const begun = "/remix?title=Tides+in+three+pictures&url=https://example.org/tides&prompt=For+children.&studio=somebody/else&agents=sharer/maker";
      const seen = async (name, path) => {
        await reader.open(path);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the screen`);
        await reader.accessible(`${name}, ${screen}, ${colorScheme}`);
        await reader.picture(`${screen}-${colorScheme}-${name}`);
      };
      for (const [name, path] of [["shared", shared], ["sealed", sealed], ["shared-gone", `${sealed}x`], ["begun-by-nobody", begun],
        ["begun-by-a-shouter", `/remix?title=${"A".repeat(300)}`]]) await seen(name, path);
      await reader.open(shared);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await reader.picture(`${screen}-${colorScheme}-shared-end`);
      await reader.context.addCookies([{ name: "remix-token", value: maker.user, url: server.url, httpOnly: true, sameSite: "Lax" }]);
      await seen("begun", begun);
      await page.getByRole("button", { name: "Make it" }).click();
      await page.getByRole("heading", { name: "Tides in three pictures" }).waitFor();
      await reader.accessible(`made, ${screen}, ${colorScheme}`);
      await reader.picture(`${screen}-${colorScheme}-made`);
    }, { colorScheme });
  }
}

journey("Nothing that was written runs, loads, or tells anybody who reads", Phone, async (reader, page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await reader.open(shared);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.deepEqual(asked.filter((url) => !url.startsWith(server.url)), []);
  const links = await page.locator(".text a").evaluateAll((all) => all.map((a) => [a.href, a.rel]));
  assert.deepEqual(links.map(([href]) => href), ["https://elsewhere.example/x.png", "https://example.org/a"]);
  for (const [, rel] of links) assert.match(rel, /noreferrer/);
  await page.route("https://example.org/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>there</title>" }));
  const [request] = await Promise.all([page.waitForRequest("https://example.org/**"), page.locator(".text a").last().click()]);
  assert.equal(request.headers().referer, undefined);
});

journey("A long conversation is read back and forth", Phone, async (reader, page) => {
  await reader.open(long);
  assert.equal(await page.getByText("Word 1.", { exact: true }).count(), 0);
  await page.getByRole("link", { name: "Older messages" }).click();
  await page.getByText("Word 1.", { exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Older messages" }).count(), 0);
  await page.getByRole("link", { name: "Newer messages" }).click();
  await page.getByText("Word 51.", { exact: true }).waitFor();
});

journey("Who has no account yet makes one and finds the wish again", Phone, async (reader, page) => {
  reader.allow(/status of 422/);
  await reader.open("/remix?title=A+wish&url=javascript:alert(1)&prompt=Keep+%26+this");
  assert.equal(await page.getByText("Begins with").count(), 0);
  await page.getByRole("link", { name: "Sign in to make it" }).click();
  await page.getByLabel("Choose a name").fill("wisher");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.locator("[data-saved]").check();
  await page.locator("[data-continue] a").click();
  await page.getByLabel("What should your agents know?").waitFor();
  assert.equal(await page.getByLabel("What is it about?").inputValue(), "A wish");
  assert.equal(await page.getByLabel("What should your agents know?").inputValue(), "Keep & this");
  await page.getByLabel("Who works on it?").fill("nobody/there");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("There is no agent nobody/there").waitFor();
  await reader.accessible("a wish that was refused");
  await page.getByLabel("Who works on it?").fill("");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("Nobody yet").waitFor();
});
