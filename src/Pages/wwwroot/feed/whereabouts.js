// Where the reader was, for as long as the tab lives: a reload, a way back or a detour through our other pages leads
// there again. Whoever asks for the feed while looking at it wants its top.
const key = (sort) => `remix-feed-${sort}`;

// Without permission to keep anything the feed begins at its top, and that is all.
export function remember(sort, id) {
  try {
    if (id) sessionStorage.setItem(key(sort), id);
    else sessionStorage.removeItem(key(sort));
  } catch { /* nothing is kept */ }
}

export function remembered(sort) {
  const [{ type }] = performance.getEntriesByType("navigation");
  const from = document.referrer ? new URL(document.referrer) : null;
  const again = type !== "navigate" || (from?.origin === location.origin && from.pathname !== location.pathname);
  try {
    return again ? sessionStorage.getItem(key(sort)) : null;
  } catch {
    return null;
  }
}
