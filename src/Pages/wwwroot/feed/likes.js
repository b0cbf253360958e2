// Likes. The feed does not say what I have liked, so this browser remembers, and the server's answer corrects it.
import { viewer } from "./dom.js";
import { call } from "./net.js";

const Remembered = 500;
const key = () => `remix-liked:${viewer()}`;
const read = () => { try { return JSON.parse(localStorage.getItem(key())) || []; } catch { return []; } };
const busy = new Set();

export const isLiked = (creation) => creation.liked ?? (viewer() !== "" && read().includes(creation.id));

// The route toggles. When it says the opposite of what was wanted (memory was wrong), it is asked once more.
export async function like(creation, wanted) {
  if (busy.has(creation.id)) return;
  busy.add(creation.id);
  try {
    let answer = await call(`/creations/${creation.id}/like`, { method: "POST" });
    if (answer.liked !== wanted) answer = await call(`/creations/${creation.id}/like`, { method: "POST" });
    creation.liked = answer.liked;
    creation.like_count = answer.like_count;
    const others = read().filter((id) => id !== creation.id);
    localStorage.setItem(key(), JSON.stringify(answer.liked ? [creation.id, ...others].slice(0, Remembered) : others));
  } finally {
    busy.delete(creation.id);
  }
}
