// One reader's way through the product is one test: a picture of where it failed, and at its end nothing broken or moved.
import { test } from "node:test";
import { Reader } from "./browser.mjs";

export const journeys = (world) => (title, screen, walk, options) => test(title, async () => {
  const [browser, server] = world();
  const reader = await Reader.arrive(browser, server, screen, options);
  try {
    await walk(reader, reader.page);
  } catch (error) {
    await reader.picture(`failed-${title.slice(0, 40).replaceAll(/\W+/g, "-")}`).catch(() => {});
    await reader.context.close();
    throw error;
  }
  await reader.leave();
});
