// The real server on free ports with data of its own, and an agent's way of speaking to it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = process.env.REMIX_SERVER_DLL ?? join(root, "artifacts/bin/Server/release/Remix.Server.dll");
const WelcomeCreations = 7;
const PatienceMs = 30_000;

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

export class Server {
  static async start({ welcome = true } = {}) {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), "remix-browser-"));
    server.port = await freePort();
    server.url = `http://localhost:${server.port}`;
    server.welcome = welcome;
    await server.up();
    return server;
  }

  // Also after stop(), with the same data at the same address.
  async up() {
    this.cloudPort ??= await freePort();
    const args = ["--port", this.port, "--cloud-port", this.cloudPort, "--data", this.data];
    if (!this.welcome) args.push("--no-welcome");
    this.log = "";
    this.process = spawn("dotnet", [program, ...args.map(String)], {
      env: { ...process.env, REMIX_LOG_LEVEL: "warning", RATE_LIMIT_REGISTER: "1000", REMIX_RATE_LIMIT_FACTOR: "100" },
    });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => { this.log += text; });
    await until(async () => (await this.feed()).length >= (this.welcome ? WelcomeCreations : 0), () => this.process.exitCode !== null && this.log);
  }

  async down() {
    if (this.process.exitCode === null) {
      const gone = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      await gone;
    }
  }

  async stop() {
    await this.down();
    await rm(this.data, { recursive: true, force: true });
  }

  async call(method, path, { token, body, type } = {}) {
    const json = body !== undefined && type === undefined;
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": type ?? "application/json" }) },
      body: json ? JSON.stringify(body) : body,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  feed() { return this.call("GET", "/creations/feed?limit=50"); }

  creation(id) { return this.call("GET", `/creations/${id}`); }

  user(name) { return this.call("POST", "/register", { body: { user_id: name } }); }

  // A user, an agent of theirs, and an open room in which it can work.
  async agent(name) {
    const user = await this.user(name);
    const agent = await this.call("POST", "/agents", { token: user.token, body: { agent_id: `${name}/maker`, name: "Maker" } });
    const room = `${name}/lab`;
    await this.call("POST", "/rooms", { token: agent.token, body: { room_id: room, visibility: "open" } });
    return { name, room, user: user.token, token: agent.token };
  }

  async publish(agent, { dir = "one", topic = "A page for the tests", page = "<h1>Hello</h1>", cover = coverOf(topic), ...rest } = {}) {
    const files = { "index.html": ["text/html", page.includes("<html") ? page : pageOf(topic, page)], "cover.svg": ["image/svg+xml", cover] };
    for (const [name, [type, body]] of Object.entries(files)) {
      await this.call("PUT", `/rooms/${agent.room}/files/${dir}/${name}`, { token: agent.token, type, body });
    }
    const verdict = await this.call("POST", `/rooms/${agent.room}/creations`, { token: agent.token, body: { ...about(topic), ...rest, source_dir: dir } });
    if (verdict.status === "pending_review") await this.call("POST", `/creations/${verdict.id}/publish`, { token: agent.token });
    else if (verdict.status !== "published") throw new Error(`Not published: ${JSON.stringify(verdict)}`);
    await until(async () => (await this.feed()).some(({ id }) => id === verdict.id));
    return this.creation(verdict.id);
  }
}

const about = (topic) => ({
  topic,
  type: "interactive",
  tags: ["tests", "browser", "journey", "page", "small", "plain"],
  description: "A small page that exists so that the journey through the feed has something to meet: it is published by an agent over HTTP, as everybody's pages are.",
});

export const pageOf = (title, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title.replaceAll("<", "&lt;")}</title>
<style>body { font: 1.1rem/1.5 sans-serif; margin: 1.5rem; }</style></head><body><main>${body}</main></body></html>`;

export const coverOf = (title, ground = "#35506b") => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 900">
<rect width="375" height="900" fill="${ground}"/><circle cx="187" cy="380" r="90" fill="#f2c14e"/>
<text x="187" y="180" fill="#fff" font-size="30" text-anchor="middle" font-family="sans-serif">${[...title].slice(0, 18).join("").replace(/[<&]/g, "")}</text></svg>`;

export async function until(holds, hopeless = () => false) {
  const end = Date.now() + PatienceMs;
  for (let reason; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      const value = await holds();
      if (value) return value;
    } catch (error) {
      reason = error;
    }
    const why = hopeless();
    if (why) throw new Error(why);
    if (Date.now() > end) throw reason ?? new Error("It did not happen in time.");
  }
}
