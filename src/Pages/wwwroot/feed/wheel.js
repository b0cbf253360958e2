// A wheel moves one card at a time. A trackpad goes on sending after the fingers left: while its steps only
// grow smaller, they belong to the same push.
const PushMs = 420;
const SilenceMs = 140;

export function wheel(feed, go) {
  let last = 0;
  let moved = 0;
  let strength = 0;
  feed.addEventListener("wheel", (event) => {
    if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    const now = performance.now();
    const size = Math.abs(event.deltaY);
    const fresh = now - last > SilenceMs || size > strength * 1.5;
    last = now;
    strength = size;
    if (!fresh || now - moved < PushMs || size < 4) return;
    moved = now;
    go(Math.sign(event.deltaY));
  }, { passive: false });
}
