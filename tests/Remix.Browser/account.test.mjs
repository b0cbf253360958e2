// Who one is: joining, liking, leaving; and every command that the pages show, run as it stands there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Desktop, launch, Phone } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { root, Server, until } from "./support/server.mjs";

let server, browser, feed;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  feed = await server.feed();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const journey = journeys(() => [browser, server]);

// Joins by the form, as a newcomer does. Returns the token that is shown.
async function signUp(reader, name, next = "/") {
  const { page } = reader;
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Choose a name").fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: `Welcome, @${name}` }).waitFor();
  return (await page.locator("#token").innerText()).trim();
}

journey("A newcomer likes, is invited, joins, likes, takes it back, and is known after a reload", Phone, async (reader, page) => {
  const { id, slug, like_count: before } = feed[0];
  const card = page.locator(`[data-card][data-id="${id}"]`);
  const heart = card.locator("[data-action=like]");
  const liked = (yes) => heart.and(page.locator(`[aria-pressed=${yes}]`)).waitFor();
  await reader.open();
  await heart.tap();
  await page.getByRole("dialog", { name: "Sign in first" }).waitFor();
  await reader.accessible("the invitation");
  await reader.picture("phone-sheet-invitation");
  await page.getByRole("link", { name: "Sign in or join" }).tap();
  await page.getByRole("heading", { name: "Come in" }).waitFor();
  await reader.accessible("the sign-in page");
  await page.getByLabel("Choose a name").fill("Not A Name");
  await page.getByRole("button", { name: "Make it" }).tap();
  assert.equal(await page.getByLabel("Choose a name").evaluate((field) => field.validity.patternMismatch), true);
  await page.getByLabel("Choose a name").fill("newcomer");
  await page.getByRole("button", { name: "Make it" }).tap();
  await page.getByRole("heading", { name: "Welcome, @newcomer" }).waitFor();
  await reader.accessible("the new account");
  await reader.picture("phone-new-account");
  assert.ok((await page.locator("#token").innerText()).length > 20);
  await page.getByLabel("I have saved them").check();
  await page.getByRole("link", { name: "Go on" }).tap();
  await page.locator("html[data-live]").waitFor();

  await liked(false);
  await heart.tap();
  await liked(true);
  assert.equal(await heart.innerText(), String(before + 1));
  await page.waitForTimeout(300);
  assert.equal((await server.creation(id)).like_count, before + 1);
  await reader.picture("phone-liked");
  await reader.open();
  await liked(true);
  await reader.open(`/c/${slug}`);
  await page.locator("#viewer [data-action=like][aria-pressed=true]").waitFor();
  await reader.open();
  await liked(true);
  await heart.tap();
  await liked(false);
  await page.waitForTimeout(300);
  assert.equal((await server.creation(id)).like_count, before);

  for (let tap = 0; tap < 2; tap++) {
    await page.touchscreen.tap(150, 380);
    await page.waitForTimeout(60);
  }
  await liked(true);
  await page.waitForTimeout(400);
  assert.equal(await page.locator("#viewer").isHidden(), true, "a double tap opens nothing");
  assert.equal((await server.creation(id)).like_count, before + 1);

  await page.locator("[data-you]").tap();
  await page.getByRole("heading", { name: "@newcomer" }).waitFor();
  await reader.accessible("the account");
  await reader.picture("phone-account");
  await page.getByRole("button", { name: "Dark" }).tap();
  await page.locator("html[data-theme=dark]").waitFor();
  await page.reload();
  await page.locator("html[data-theme=dark]").waitFor();
  await page.getByRole("button", { name: "Sign out" }).tap();
  await page.locator("html[data-live]").waitFor();
  assert.equal(await page.locator("[data-you]").innerText(), "You");
  await liked(false);
});

journey("A token signs in; an unknown one and an agent's are answered beside the field", Desktop, async (reader, page) => {
  const maker = await server.agent("returning");
  reader.allow(/422/);
  await page.goto("/login?next=/create");
  for (const [token, says] of [["nonsense", "not known here"], [maker.token, "agent's token"]]) {
    await page.getByLabel("Your token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    assert.match(await page.locator("#token-problem").innerText(), new RegExp(says));
  }
  await reader.accessible("a refused token");
  await reader.picture("desktop-login-refused");
  await page.getByLabel("Choose a name").fill("returning");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.locator("#user-id-problem").waitFor();
  await page.getByLabel("Your token").fill(maker.user);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/create");
  await page.getByText("You are @returning").waitFor();
  await reader.accessible("how to make one");
});

journey("Every command shown works when it is pasted", Desktop, async (reader, page) => {
  const folder = await mkdtemp(join(tmpdir(), "remix-pasted-"));
  const token = await signUp(reader, "paster", "/create");
  // As in a terminal: what fails is shown, and the next line runs.
  const shell = (script) => promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
    cwd: folder, env: { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}`, XDG_CONFIG_HOME: folder },
  });
  const filled = (text) => text.replace("'your token'", `'${token}'`);
  try {
    await page.getByLabel("I have saved them").check();
    await page.getByRole("link", { name: "Go on" }).click();
    await page.locator("#step-publish").waitFor();
    const shown = async (id) => filled(await page.locator(`#${id}`).innerText());
    const [setting, files, publish] = [await shown("step-token"), await shown("step-folder"), await shown("step-publish")];
    await page.getByText("Or with nothing but curl").click();
    const curl = await shown("step-curl");
    const inFeed = (count) => until(async () => (await rooms()).length === count);
    const rooms = async () => (await server.feed()).filter(({ room_id: room }) => room.startsWith("paster/")).map(({ room_id: room }) => room).sort();
    await shell([setting, files, publish].join("\n"));
    await inFeed(1);
    await shell([setting, curl].join("\n"));
    await inFeed(2);
    assert.deepEqual(await rooms(), ["paster/first", "paster/my-creation"]);

    await reader.open(`/c/${feed[0].slug}`);
    await page.locator("[data-action=remix]").click();
    const steps = page.locator("#sheet pre");
    await steps.nth(1).waitFor();
    await page.locator("#sheet summary").click();
    const [take, again, byHand] = (await steps.allInnerTexts()).map(filled);
    await shell([take, "[[ $(wc -c <index.html) -gt 1000 ]]", again].join("\n"));
    await inFeed(3);
    await shell([take.replace("mkdir ", "mkdir -p "), byHand].join("\n"));
    await inFeed(4);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

journey("A wrong address is a page for people and an answer for programs", Phone, async (reader, page) => {
  reader.allow(/404/);
  for (const path of ["/no/such/place", "/c/no-such-creation"]) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 404);
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await reader.accessible(`the page for ${path}`);
  }
  await reader.picture("phone-not-found");
  const program = await fetch(`${server.url}/no/such/place`);
  assert.equal(program.status, 404);
  assert.equal((await program.json()).code, "NO_SUCH_ROUTE");
  const api = await fetch(`${server.url}/creations/00000000-0000-0000-0000-000000000000`, { headers: { accept: "text/html" } });
  assert.match(api.headers.get("content-type"), /json/);
});

test("A form sent from another site signs nobody in", async () => {
  const answer = await fetch(`${server.url}/login/new`, {
    method: "POST", headers: { origin: "https://elsewhere.example", accept: "text/html" }, body: new URLSearchParams({ user_id: "forged" }),
  });
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /sent from another site/);
  assert.equal(answer.headers.get("set-cookie"), null);
});
