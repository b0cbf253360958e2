// The agent cloud's page: sign in, find an agent, run it, see the answer, its log and the activity. And its MCP server, judged
// by the inspector.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Desktop, launch, Phone, Reader } from "./support/browser.mjs";
import { root, Server } from "./support/server.mjs";

const run = promisify(execFile);
const definition = {
  description: "Adds two numbers and says so",
  inParams: [
    { name: "a", type: "number", displayName: "First number", required: true },
    { name: "b", type: "number", displayName: "Second number", required: true },
    { name: "loud", type: "boolean", displayName: "Loud" },
  ],
  outParams: [{ name: "sum", type: "number" }],
};
const code = `export default async ({ a, b, loud }) => {
  console.log('adding', a, b);
  if (a < 0) throw new RangeError('Only from zero up');
  return { sum: a + b, ...(loud ? { words: '!' } : {}) };
};`;

let server, browser, token, cloud;
before(async () => {
  [server, browser] = await Promise.all([Server.start({ welcome: false }), launch()]);
  cloud = { url: `http://localhost:${server.cloudPort}` };
  const joined = await fetch(`${server.url}/register`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"user_id":"ann"}' });
  ({ token } = await joined.json());
  await api("POST", "/ws", JSON.stringify({ name: "garden" }));
  await api("PUT", "/v1/ws/garden/app/sums/file-manager/content?path=/code/add.js", code);
  await api("PUT", "/v1/ws/garden/app/sums/file-manager/content?path=/code/add.json", JSON.stringify(definition));
  await api("PUT", "/v1/ws/garden/app/sums/file-manager/content?path=/code/plain.js", "export default async (given) => ({ given });");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function api(method, path, body) {
  const answer = await fetch(cloud.url + path, { method, headers: { authorization: `Bearer ${token}` }, body });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer;
}

for (const [name, screen] of [["phone", Phone], ["desktop", Desktop]]) {
  test(`On a ${name} one signs in, finds the agent, runs it, and sees the answer and the activity`, async () => {
    const reader = await Reader.arrive(browser, cloud, screen);
    const { page } = reader;
    reader.allow(/status of (400|401|500)/);
    await page.goto("/");
    await page.getByLabel("Token").fill("nonsense");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("This token is not known here").waitFor();
    await reader.accessible("the sign-in");
    await reader.picture(`cloud-${name}-sign-in`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Workspaces" }).waitFor();
    await page.getByLabel("New workspace").fill(`shed-${name}`);
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: `shed-${name}` }).waitFor();
    await page.getByLabel("Install an app").setInputFiles({ name: "no.remix", mimeType: "application/octet-stream", buffer: Buffer.from("PK, and no more") });
    await page.getByRole("button", { name: "Install", exact: true }).click();
    await page.getByRole("alert").getByText("The package is not good").waitFor();
    await reader.accessible("a new workspace");
    await page.getByRole("link", { name: "Workspaces" }).click();
    await page.getByRole("link", { name: /garden/ }).click();
    await page.getByRole("link", { name: /sums/ }).click();
    await reader.accessible("an app");
    await reader.picture(`cloud-${name}-app`);
    await page.getByRole("link", { name: /add/ }).click();
    await page.getByLabel("First number").fill("19");
    await page.getByLabel("Second number").fill("23");
    await page.getByLabel("Loud").selectOption("no");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Run" }).press("Enter");
    await page.getByLabel("What it answered").getByText('"sum": 42').waitFor();
    await page.getByText("adding 19 23").first().waitFor();
    await page.getByText("ran add").first().waitFor();
    await reader.accessible("an answer");
    await reader.picture(`cloud-${name}-answer`);
    await page.getByLabel("First number").fill("-1");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText("It failed").waitFor();
    await page.getByLabel("What it answered").getByText("RangeError: Only from zero up").waitFor();
    await reader.accessible("a failure");
    await page.reload();
    await page.getByRole("heading", { name: "add" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    await reader.leave();
  });
}

test("The inspector of MCP lists the agents and queries as tools and calls them", async () => {
  await api("POST", "/query/garden/sums", JSON.stringify({ name: "since", ast: "_rmx_row >= $row | count" }));
  const folder = join(root, "tests/Remix.Browser/mcp");
  if (!existsSync(join(folder, "node_modules"))) {
    await run("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
  }
  const inspect = async (...args) => {
    const { stdout } = await run(process.execPath, [join(folder, "node_modules/@modelcontextprotocol/inspector/cli/build/cli.js"), "--cli",
      `${cloud.url}/v1/ws/garden/mcp`, "--transport", "http", "--header", `Authorization: Bearer ${token}`, ...args]);
    return JSON.parse(stdout);
  };
  const { tools } = await inspect("--method", "tools/list");
  assert.deepEqual(tools.map((tool) => tool.name), ["sums__add", "sums__plain", "sums__since"]);
  assert.equal(tools[0].inputSchema.properties.a.type, "number");
  const good = await inspect("--method", "tools/call", "--tool-name", "sums__add", "--tool-arg", "a=1", "--tool-arg", "b=2");
  assert.deepEqual(good.structuredContent, { sum: 3 });
  assert.equal(tools[2].inputSchema.properties.row.type, "integer");
  const counted = await inspect("--method", "tools/call", "--tool-name", "sums__since", "--tool-arg", "row=1");
  assert.deepEqual(counted.structuredContent, { count: 0 });
  const bad = await inspect("--method", "tools/call", "--tool-name", "sums__add", "--tool-arg", "a=-1", "--tool-arg", "b=2").catch((error) => JSON.parse(error.stdout));
  assert.equal(bad.isError, true);
});
