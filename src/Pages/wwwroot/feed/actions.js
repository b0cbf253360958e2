// What one can do with a creation, wherever its buttons are: a card, the open creation, its own page.
import { toast, viewer } from "./dom.js";
import { isLiked, learnLikes, like } from "./likes.js";
import { showLike } from "./cards.js";
import { conversation, howToRemix, inviteToSignIn } from "./sheets.js";
import { copy } from "./sheet.js";

const scopes = (creation) => document.querySelectorAll(`[data-id="${CSS.escape(creation.id)}"]`);
const show = (creation) => scopes(creation).forEach((scope) => showLike(scope, creation));

// Hearts of what the reader liked before, filled once the server has said which.
export async function showLikes(creations) {
  if (await learnLikes(creations)) creations.forEach(show);
}

// Shown at once, taken back when the server refuses.
export async function toggleLike(creation, wanted = !isLiked(creation)) {
  if (!viewer()) return inviteToSignIn("Likes carry your name.");
  const before = { liked: isLiked(creation), like_count: creation.like_count };
  if (before.liked === wanted) return;
  Object.assign(creation, { liked: wanted, like_count: Math.max(0, before.like_count + (wanted ? 1 : -1)) });
  show(creation);
  if (wanted) scopes(creation).forEach(pop);
  try {
    await like(creation, wanted);
  } catch (error) {
    Object.assign(creation, before);
    if (error.status === 401) inviteToSignIn("Likes carry your name.");
    else toast(error.status === 429 ? "That was a lot of likes. Wait a moment." : "The like did not arrive. Try again.");
  }
  show(creation);
}

function pop(scope) {
  const button = scope.querySelector('[data-action="like"]');
  button?.classList.add("pop");
  button?.addEventListener("animationend", () => button.classList.remove("pop"), { once: true });
}

export async function share(creation) {
  const url = new URL(`/c/${creation.slug}`, location.origin).href;
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    try {
      await navigator.share({ title: creation.topic, url });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  await copy(url, "Link copied");
}

export const actions = { like: toggleLike, comments: conversation, remix: howToRemix, share };
export const byKey = { l: "like", c: "comments", r: "remix", s: "share" };
