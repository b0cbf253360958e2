// A real Chromium, and readers in it: each has a screen, hands, and watches that nothing breaks or moves.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./server.mjs";

export const Phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
export const Desktop = { viewport: { width: 1440, height: 900 } };

const pictures = join(root, "artifacts/screenshots");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const launch = () => chromium.launch({
  executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

export class Reader {
  static async arrive(browser, server, screen = Phone, options = {}) {
    const reader = new Reader();
    Object.assign(reader, { server, problems: [], expected: [] });
    reader.context = await browser.newContext({ ...screen, baseURL: server.url, serviceWorkers: "block", ...options });
    reader.context.setDefaultTimeout(8000);
    await reader.context.addInitScript(watch);
    reader.page = await reader.context.newPage();
    const note = (text, from) => { if (!from || from.startsWith(server.url)) reader.problems.push(text); };
    reader.page.on("console", (message) => { if (["error", "warning"].includes(message.type())) note(message.text(), message.location().url); });
    reader.page.on("pageerror", (error) => note(String(error)));
    return reader;
  }

  // Waits until the page's own script has taken over.
  async open(path = "/") {
    await this.page.goto(path);
    if (path === "/" || path.startsWith("/?")) await this.page.locator("html[data-live]").waitFor();
    return this.page;
  }

  allow(pattern) { this.expected.push(pattern); }

  async leave() {
    const seen = await this.page.evaluate(() => window.seen ?? { shift: 0, violations: [] }).catch(() => ({ shift: 0, violations: [] }));
    await this.context.close();
    const problems = [...this.problems, ...seen.violations].filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(problems, [], "the page reported errors");
    assert.equal(seen.shift, 0, `the layout shifted: ${JSON.stringify(seen.sources)}`);
  }

  async picture(name) {
    await mkdir(pictures, { recursive: true });
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  // Everything axe knows, best practices too, of our own document; what a creation does inside its frame is its own.
  async accessible(what) {
    await this.page.waitForLoadState();
    await this.page.evaluate(settled);
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(await source());
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { iframes: false }));
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(" | ")}`);
    assert.deepEqual(told, [], `axe on ${what}`);
  }

  // A finger, from one point to another.
  async swipe(from, to, { steps = 12, hold = 0, release = true } = {}) {
    const touch = this.touch ??= await this.context.newCDPSession(this.page);
    const points = ([x, y]) => [{ x, y }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(from) });
    for (let step = 1; step <= steps; step++) {
      const at = from.map((start, axis) => start + ((to[axis] - start) * step) / steps);
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(at) });
      await this.page.waitForTimeout(12);
    }
    for (let moment = 0; moment < hold; moment += 60) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points([to[0], to[1] + (moment % 120 ? 2 : 0)]) });
      await this.page.waitForTimeout(60);
    }
    if (release) await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }

  // The card under the reader's eyes.
  current() {
    return this.page.evaluate(() => {
      const feed = document.getElementById("feed");
      const card = [...feed.querySelectorAll("[data-card], #tail")][Math.round(feed.scrollTop / feed.clientHeight)];
      return card?.dataset.slug ?? card?.id ?? null;
    });
  }

  async sees(slug) {
    await this.page.waitForFunction((wanted) => {
      const feed = document.getElementById("feed");
      const card = [...feed.querySelectorAll("[data-card], #tail")][Math.round(feed.scrollTop / feed.clientHeight)];
      return (card?.dataset.slug ?? card?.id) === wanted && feed.scrollTop % feed.clientHeight < 2;
    }, slug);
  }

  // The creation's frame, once its page said over the bridge that it is ready, and was told the theme in answer.
  async frame() {
    const handle = await this.page.locator("#viewer iframe").elementHandle();
    const frame = await handle.contentFrame();
    await frame.locator("html[data-remix-theme]").waitFor({ state: "attached" });
    await this.page.locator("#viewer[data-ready]").waitFor();
    await this.page.waitForFunction(() => !document.activeViewTransition);
    await this.still(frame);
    return frame;
  }

  // Our page moves no more, and both documents were drawn where they are: until then a finger meets what was there before.
  async still(frame) {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await this.page.evaluate(drawn);
    await this.page.evaluate(settled);
    await frame.evaluate(drawn);
    await this.page.evaluate(drawn);
  }

  // To the end of the creation's page, and resting there: a finger's fling goes on for a while after it left.
  async toEnd(frame) {
    await frame.evaluate(async () => {
      const page = document.scrollingElement;
      for (let still = 0; still < 15; ) {
        if (page.scrollTop < page.scrollHeight - page.clientHeight - 1) {
          page.scrollTop = page.scrollHeight;
          still = 0;
        } else {
          still++;
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    });
  }
}

const settled = () => Promise.allSettled(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished)).then(() => {});

let axeSource;
async function source() {
  const { readFile } = await import("node:fs/promises");
  return (axeSource ??= `${await readFile(axe, "utf8")};undefined`);
}

function watch() {
  const seen = (window.seen = { shift: 0, sources: [], violations: [] });
  document.addEventListener("securitypolicyviolation", (event) => seen.violations.push(`${event.violatedDirective} ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      seen.shift += entry.value;
      seen.sources.push(...entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? String(node)));
    }
  }).observe({ type: "layout-shift", buffered: true });
}
