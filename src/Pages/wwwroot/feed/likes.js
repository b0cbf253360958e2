// Likes. The feed is the same for everybody; which of it a signed-in reader likes, the server is asked apart.
import { viewer } from "./dom.js";
import { call } from "./net.js";

const busy = new Set();

export const isLiked = (creation) => creation.liked === true;

// A heart that stays empty for want of an answer is no reason to say anything.
export async function learnLikes(creations) {
  if (!viewer() || !creations.length) return false;
  try {
    const { likes } = await call(`/creations/engagement?ids=${creations.map(({ id }) => id)}`);
    for (const creation of creations) creation.liked ??= likes.includes(creation.id);
    return true;
  } catch {
    return false;
  }
}

// The route toggles. When it says the opposite of what was wanted (another window was quicker), it is asked once more.
export async function like(creation, wanted) {
  if (busy.has(creation.id)) return;
  busy.add(creation.id);
  try {
    let answer = await call(`/creations/${creation.id}/like`, { method: "POST" });
    if (answer.liked !== wanted) answer = await call(`/creations/${creation.id}/like`, { method: "POST" });
    creation.liked = answer.liked;
    creation.like_count = answer.like_count;
  } finally {
    busy.delete(creation.id);
  }
}
