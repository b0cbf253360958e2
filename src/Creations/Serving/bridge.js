// Injected into a creation's index.html at publish. Tells the feed how the page is read, and obeys mute and theme.
(() => {
  if (parent === self || self.__remixBridge) return;
  self.__remixBridge = true;
  const root = document.documentElement;
  const send = (type, rest) => parent.postMessage({ remix: 1, type, ...rest }, "*");
  const page = () => document.scrollingElement || root;
  const size = () => ({ height: page().scrollHeight, viewport: innerHeight });
  const scrolls = (el) => el.scrollHeight > el.clientHeight + 2
    && (el === page() || /auto|scroll/.test(getComputedStyle(el).overflowY));
  let muted = true, start = null, pulled = 0, last = 0, quiet;

  // At the end: whatever scrolls under the finger has nothing left. A page that does not scroll has no end to pass.
  const atEnd = (el) => {
    let any = false;
    for (; el && el.nodeType === 1; el = el.parentElement) {
      if (getComputedStyle(el).touchAction === "none") return false;
      const box = el === document.body ? page() : el;
      if (!scrolls(box)) continue;
      any = true;
      if (box.scrollTop + box.clientHeight < box.scrollHeight - 2) return false;
    }
    return any;
  };
  const pull = (distance, released) => {
    pulled = released ? 0 : distance;
    send("overscroll", { distance, released });
  };

  addEventListener("touchstart", (e) => {
    const t = e.touches[0];
    start = e.touches.length === 1 && atEnd(e.target) ? { x: t.clientX, y: t.clientY } : null;
  }, { passive: true });
  addEventListener("touchmove", (e) => {
    if (!start || e.defaultPrevented) return;
    const up = start.y - e.touches[0].clientY;
    if (up > 8 && up > Math.abs(start.x - e.touches[0].clientX)) pull(up, false);
    else if (pulled) pull(0, false);
  }, { passive: true });
  const lift = () => { if (pulled) pull(pulled, true); start = null; };
  addEventListener("touchend", lift);
  addEventListener("touchcancel", () => { if (pulled) pull(0, true); start = null; });

  // A wheel: only a turn that begins at the end counts, not the rest of the one that led there.
  addEventListener("wheel", (e) => {
    const fresh = e.timeStamp - last > 200;
    last = e.timeStamp;
    if (e.defaultPrevented || e.deltaY <= 0 || !(pulled || (fresh && atEnd(e.target)))) return;
    pull(pulled + e.deltaY / 2, false);
    clearTimeout(quiet);
    quiet = setTimeout(lift, 180);
  }, { passive: true });

  addEventListener("scroll", (e) => {
    const el = e.target === document ? page() : e.target;
    if (el.clientHeight < innerHeight * 0.6) return;
    const max = el.scrollHeight - el.clientHeight;
    send("scroll", { y: el.scrollTop, fraction: max > 0 ? el.scrollTop / max : 1 });
  }, { passive: true, capture: true });
  addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) send("back"); });

  const hush = () => document.querySelectorAll("audio,video").forEach((m) => { m.muted = muted; });
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { this.muted = muted; send("sound"); return play.call(this); };
  addEventListener("play", (e) => { e.target.muted = muted; send("sound"); }, true);

  const tell = (name, detail) => dispatchEvent(new CustomEvent(`remix:${name}`, { detail }));
  addEventListener("message", (e) => {
    const d = e.data;
    if (e.source !== parent || !d || d.remix !== 1) return;
    if (d.type === "theme") { root.dataset.remixTheme = d.theme; tell("theme", { theme: d.theme }); }
    if (d.type === "mute") { muted = d.muted; hush(); tell("mute", { muted }); }
    if (d.type === "back") { document.querySelectorAll("audio,video").forEach((m) => m.pause()); tell("back"); }
  });

  const ready = () => {
    send("ready", size());
    if (document.querySelector("audio,video")) send("sound");
    new ResizeObserver(() => send("height", size())).observe(document.body);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready); else ready();
})();
