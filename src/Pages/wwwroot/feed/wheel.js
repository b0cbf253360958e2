// A wheel moves one card at a time, wherever the pointer is. A trackpad goes on sending after the fingers left: while its
// steps only grow smaller, they belong to the same push.
const PushMs = 420;
const SilenceMs = 140;

// What scrolls by itself, like long details, does so before the feed moves on.
function scrolls(target, shell, feed, down) {
  for (let el = target; el && el !== shell; el = el.parentElement) {
    if (el === feed || el.scrollHeight - el.clientHeight < 2 || !/auto|scroll/.test(getComputedStyle(el).overflowY)) continue;
    if (down ? el.scrollTop + el.clientHeight < el.scrollHeight - 1 : el.scrollTop > 0) return true;
  }
  return false;
}

export function wheel(shell, feed, go) {
  let last = 0;
  let moved = 0;
  let strength = 0;
  shell.addEventListener("wheel", (event) => {
    if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    if (scrolls(event.target, shell, feed, event.deltaY > 0)) return;
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
