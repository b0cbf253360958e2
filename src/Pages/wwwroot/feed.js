// The feed: an endless column of covers, of which only those near the reader are filled.
import { adopt, fill, place } from "./feed/cards.js";
import { actions, byKey, showLikes, toggleLike } from "./feed/actions.js";
import { showDetails } from "./feed/details.js";
import { calm, icon } from "./feed/dom.js";
import { isLiked } from "./feed/likes.js";
import { Source } from "./feed/net.js";
import { keys } from "./feed/sheets.js";
import { sheetOpen } from "./feed/sheet.js";
import { tail } from "./feed/tail.js";
import { Viewer } from "./feed/viewer.js";
import { remember, remembered } from "./feed/whereabouts.js";
import { wheel } from "./feed/wheel.js";

const Near = 2;
const DoubleTapMs = 230;
const SeekSize = 100;
const SeekPages = 5;

const feed = document.getElementById("feed");
const panel = document.getElementById("details");
const end = document.getElementById("tail");
const [previous, next] = document.querySelectorAll(".steppers button");
const source = new Source(feed.dataset.sort, JSON.parse(document.getElementById("first-page").textContent));
const creations = [];
const cards = [...feed.querySelectorAll("[data-card]")];
let current = -1;
let loading = false;
let lost = false;

async function more(size) {
  if (loading || lost || source.done) return;
  loading = true;
  tail(end, "loading");
  try {
    const fresh = await source.next(size);
    showLikes(fresh);
    const waiting = current > 0 && current === cards.length;
    for (const creation of fresh) {
      const index = creations.push(creation) - 1;
      if (cards[index]) adopt(cards[index], creation);
      else end.before(cards[index] = place(creation, index));
    }
    // The browser would stay snapped to the tail, below all that has just arrived above it.
    if (waiting && fresh.length) feed.scrollTop = current * feed.clientHeight;
    if (source.done) tail(end, creations.length ? "end" : "empty");
  } catch {
    lost = true;
    tail(end, "lost", retry);
  }
  loading = false;
  settle(true);
}

function retry() {
  lost = false;
  return more();
}

// Fills the cards around the reader, empties the others, and asks for more in good time.
function settle(again = false) {
  const index = Math.min(cards.length, Math.round(feed.scrollTop / feed.clientHeight));
  if (index === current && !again) return;
  current = index;
  remember(source.sort, index > 0 && (creations[index] ?? creations.at(-1))?.id);
  cards.forEach((card, i) => {
    if (Math.abs(i - index) <= Near) fill(card, creations[i], i === index);
    else if (card.childElementCount && !card.contains(document.activeElement)) card.replaceChildren();
  });
  previous.disabled = index === 0;
  next.disabled = index >= cards.length - (source.done ? 0 : 1) && cards.length > 0 || cards.length === 0;
  showDetails(panel, creations[index]);
  if (index >= cards.length - 4) more();
}

// Back to where the reader was, if that still is in the feed.
async function seek(id) {
  const found = () => creations.findIndex((creation) => creation.id === id);
  for (let pages = 0; id && found() < 0 && !source.done && !lost && pages < SeekPages; pages++) await more(SeekSize);
  if (found() > 0) feed.scrollTop = found() * feed.clientHeight;
  settle();
}

function go(step) {
  const index = Math.max(0, Math.min(cards.length, current + step));
  const target = cards[index] ?? end;
  feed.scrollTo({ top: index * feed.clientHeight, behavior: calm() ? "instant" : "smooth" });
  if (document.activeElement?.closest?.("[data-card]")) {
    if (cards[index]) fill(cards[index], creations[index], true);
    (target.querySelector("[data-action=open]") ?? feed).focus({ preventScroll: true });
  }
}

// --- opening, and every way back ---
const viewer = new Viewer(document.getElementById("viewer"), {
  leave: () => (history.state?.open ? history.back() : hide()),
  seen: (creation) => creation === creations[current] && showDetails(panel, creation),
  game: (creation) => location.replace(`/play/${creation.slug}`),
});
const behind = document.querySelectorAll("[data-behind]");
const title = document.title;

function morph(change, index) {
  const cover = () => cards[index]?.querySelector(".cover");
  const poster = () => viewer.root.querySelector(".viewer-poster");
  const mark = () => {
    const shown = viewer.isOpen ? poster() : cover();
    for (const element of [cover(), poster()]) if (element) element.style.viewTransitionName = element === shown ? "cover" : "";
  };
  if (!document.startViewTransition || calm()) return change();
  mark();
  const moving = document.startViewTransition(() => { change(); mark(); });
  // One that the browser leaves out has made the change all the same.
  moving.ready.catch(() => {});
  moving.finished.finally(() => { const element = cover(); if (element) element.style.viewTransitionName = ""; });
}

function show(creation) {
  morph(() => {
    viewer.show(creation);
    behind.forEach((element) => { element.inert = true; });
    viewer.root.querySelector("[data-action=back]").focus({ preventScroll: true });
  }, creations.indexOf(creation));
  document.title = `${creation.topic} · Remix`;
}

function hide() {
  if (!viewer.isOpen) return;
  const index = creations.indexOf(viewer.creation);
  morph(() => {
    viewer.hide();
    behind.forEach((element) => { element.inert = false; });
    cards[index]?.querySelector("[data-action=open]")?.focus({ preventScroll: true });
  }, index);
  document.title = title;
}

function open(creation) {
  if (!creation || viewer.isOpen) return;

  // A game is played on a stage of its own; one that is an ordinary page is sent back to where pages are shown.
  if (creation.category === "games") return location.assign(`/play/${creation.slug}`);
  history.pushState({ open: creation.id }, "", `/c/${creation.slug}`);
  show(creation);
}

addEventListener("popstate", (event) => {
  const creation = creations.find(({ id }) => id === event.state?.open);
  if (creation && !viewer.isOpen) show(creation);
  else if (event.state?.open && !creation) location.reload();
  else if (!creation) hide();
});

// --- hands ---
let tap = null;
function tapped(event, creation) {
  event.preventDefault();
  if (event.detail === 0) return open(creation);
  if (tap) {
    clearTimeout(tap);
    tap = null;
    return love(event, creation);
  }
  tap = setTimeout(() => { tap = null; open(creation); }, DoubleTapMs);
}

function love(event, creation) {
  const card = event.target.closest("[data-card]");
  const box = card.getBoundingClientRect();
  const heart = icon("heart");
  heart.setAttribute("class", "heart");
  heart.style.insetInlineStart = `${event.clientX - box.left}px`;
  heart.style.insetBlockStart = `${event.clientY - box.top}px`;
  card.append(heart);
  setTimeout(() => heart.remove(), 700);
  if (!isLiked(creation)) toggleLike(creation, true);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  const scope = button?.closest("[data-id]");
  const creation = scope && creations.find(({ id }) => id === scope.dataset.id);
  const name = button?.dataset.action;
  if (!creation || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (name === "open") tapped(event, creation);
  else if (name === "back") { event.preventDefault(); viewer.leave(); }
  else actions[name]?.(creation);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || sheetOpen() || event.target.closest("input, textarea, pre")) return;
  const key = event.key.toLowerCase();
  const creation = viewer.creation ?? creations[current];
  if (key === "escape" && viewer.isOpen) viewer.leave();
  else if (key === "?") keys();
  else if (byKey[key] && creation) actions[byKey[key]](creation);
  else if (viewer.isOpen) return key === "arrowdown" || key === "pagedown" ? viewer.enter() : undefined;
  else if (key === "arrowdown" || key === "j" || key === "pagedown") go(1);
  else if (key === " " && !event.target.closest("a, button")) go(event.shiftKey ? -1 : 1);
  else if (key === "home") go(-current);
  else if (key === "arrowup" || key === "k" || key === "pageup") go(-1);
  else if (key === "enter" && !event.target.closest("a, button")) open(creation);
  else return;
  event.preventDefault();
});

feed.addEventListener("scroll", () => settle(), { passive: true });
addEventListener("online", () => { if (lost) retry(); });
wheel(document.querySelector(".feed-shell"), feed, go);
previous.onclick = () => go(-1);
next.onclick = () => go(1);
new ResizeObserver(() => { if (current > 0) feed.scrollTop = current * feed.clientHeight; }).observe(feed);

const before = remembered(source.sort);
await more();
await seek(before);
document.documentElement.dataset.live = "";
