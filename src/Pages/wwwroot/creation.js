// A creation on its own page: the same frame, bar and sheets as over the feed.
import { actions, byKey, showLikes } from "./feed/actions.js";
import { keys } from "./feed/sheets.js";
import { sheetOpen } from "./feed/sheet.js";
import { showLike } from "./feed/cards.js";
import { showDetails } from "./feed/details.js";
import { Viewer } from "./feed/viewer.js";

const creation = JSON.parse(document.getElementById("creation").textContent);
const root = document.getElementById("viewer");
const address = location.pathname;

// Opened over the feed and then reloaded, the feed is the entry before this one.
const leave = () => (history.state?.open ? history.back() : location.assign("/"));
const details = document.getElementById("details");
const viewer = new Viewer(root, { leave, seen: () => showDetails(details, creation) });
viewer.show(creation);
showLike(root, creation);
showLikes([creation]);
showDetails(details, creation);

// To the browser that entry is still the same document, so it would change the address and nothing else.
addEventListener("popstate", () => { if (location.pathname !== address) location.reload(); });

document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-action]")?.dataset.action;
  if (name === "back" && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    leave();
  }
  actions[name]?.(creation);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || sheetOpen() || event.target.closest("input, textarea, pre")) return;
  const key = event.key.toLowerCase();
  if (key === "escape") leave();
  else if (key === "?") keys();
  else if (byKey[key]) actions[byKey[key]](creation);
});
