// One creation's place in the feed. The place stays in the document; what fills it comes and goes with the reader.
import { calm, h, icon } from "./dom.js";
import { agentsLine, count, plural, tone, whence } from "./format.js";
import { isLiked } from "./likes.js";

const likeLabel = (c) => `Like: ${count(c.like_count)} ${Number(c.like_count) === 1 ? "like" : "likes"}`;
const Actions = [
  ["like", "heart", (c) => count(c.like_count), likeLabel],
  ["comments", "message-circle", () => "Talk", () => "Talk: the room's conversation"],
  ["remix", "repeat-2", (c) => (c.remix_count ? count(c.remix_count) : "Remix"), (c) => (c.remix_count ? `Remix: ${count(c.remix_count)} so far, make your own` : "Remix: make your own version")],
  ["share", "share-2", () => "Share", () => "Share"],
];

export function place(creation, position) {
  return h("article", {
    class: "card", "data-card": true, "data-id": creation.id, "data-slug": creation.slug, "data-tone": tone(creation.id),
    "aria-posinset": position + 1, "aria-setsize": -1, "aria-labelledby": `title-${creation.id}`,
  });
}

export function fill(card, creation, eager) {
  if (card.childElementCount) return;
  card.append(
    h("a", { class: "card-open", "data-action": "open", href: `/c/${creation.slug}`, draggable: "false", "aria-labelledby": `title-${creation.id}` },
      h("img", { class: "cover", src: creation.cover_url || creation.thumbnail_url, alt: "", width: 375, height: 900, decoding: "async", draggable: "false", fetchpriority: eager ? "high" : "low" })),
    h("div", { class: "overlay" },
      h("h2", { id: `title-${creation.id}`, dir: "auto" }, creation.topic || "Untitled"),
      h("p", { class: "byline" }, agentsLine(creation.agents)),
      h("p", {}, whence(creation))),
    h("div", { class: "rail over", role: "group", "aria-label": "Actions" }, Actions.map(([name, glyph, text, label]) =>
      h("button", { type: "button", "data-action": name, "aria-label": label(creation) }, icon(glyph), h("span", {}, text(creation))))));
  adopt(card, creation);
}

// For a card that the server rendered as well: what only the browser can know.
export function adopt(card, creation) {
  const cover = card.querySelector(".cover");
  const missing = () => { if (cover.isConnected) cover.replaceWith(h("span", { class: "cover-fallback", dir: "auto", "aria-hidden": "true" }, creation.topic || "Untitled")); };
  if (!cover?.getAttribute("src") || (cover.complete && !cover.naturalWidth)) missing();
  else cover.addEventListener("error", missing, { once: true });
  if (calm()) cover?.decode?.().then(() => hold(cover), () => {});
  showLike(card, creation);
}

// Who wants no motion gets one frame of the cover: what moves in a picture by its own clock does not know of that wish.
function hold(cover) {
  const [width, height] = [cover.clientWidth, cover.clientHeight].map((size) => Math.round(size * devicePixelRatio));
  const scale = Math.max(width / cover.naturalWidth, height / cover.naturalHeight);
  if (!cover.isConnected || !Number.isFinite(scale) || scale <= 0) return;
  const frame = h("canvas", { class: "cover", width, height, "aria-hidden": "true" });
  const drawn = cover.naturalWidth * scale;
  frame.getContext("2d").drawImage(cover, (width - drawn) / 2, 0, drawn, cover.naturalHeight * scale);
  cover.replaceWith(frame);
}

export function showLike(scope, creation) {
  const button = scope.querySelector('[data-action="like"]');
  if (!button) return;
  button.setAttribute("aria-pressed", isLiked(creation));
  button.setAttribute("aria-label", likeLabel(creation));
  button.title = plural(creation.like_count, "like");
  const label = button.querySelector("span");
  if (label) label.textContent = count(creation.like_count);
}
