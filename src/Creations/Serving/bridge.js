// Injected at publish. Protocol: docs/subsystems/feed-in-the-browser.md
(() => {
  // A page without an origin may not touch its storage; what it keeps lasts as long as the page.
  class Kept {
    getItem(k) { return Object.hasOwn(this, k) ? this[k] : null; }
    setItem(k, value) { Object.defineProperty(this, k, { value: `${value}`, writable: true, enumerable: true, configurable: true }); }
    removeItem(k) { delete this[k]; }
    clear() { for (const k in this) delete this[k]; }
    key(i) { return Object.keys(this)[i] ?? null; }
    get length() { return Object.keys(this).length; }
  }
  for (const name of ["localStorage", "sessionStorage"]) {
    try { self[name].length; } catch { Object.defineProperty(self, name, { value: new Kept, configurable: true }); }
  }
  if (parent === self || self.bridged) return;
  self.bridged = 1;
  const on = addEventListener, d = document, root = d.documentElement, passive = { passive: true };
  const send = (type, rest) => parent.postMessage({ remix: 1, type, ...rest }, "*");
  const page = () => d.scrollingElement || root;
  const media = () => d.querySelectorAll("audio,video");
  let muted = true, start, pulled = 0, last = 0, quiet;

  const atEnd = (el) => {
    let any = false;
    for (; el; el = el.parentElement) {
      const css = getComputedStyle(el), box = el === d.body ? page() : el;
      if (css.touchAction === "none") return false;
      if (box !== page() && !/auto|scroll/.test(css.overflowY)) continue;
      const left = box.scrollHeight - box.clientHeight;
      if (left < 3) continue;
      if (box.scrollTop < left - 2) return false;
      any = true;
    }
    return any;
  };
  const pull = (distance, released) => {
    if (distance || pulled) send("overscroll", { distance, released: !!released });
    pulled = released ? 0 : distance;
  };
  const lift = (e) => { pull(e?.type === "touchcancel" ? 0 : pulled, true); start = 0; };

  on("touchstart", ({ touches: t, target }) => { start = !t[1] && atEnd(target) && t[0]; }, passive);
  const drag = (e) => {
    if (e.defaultPrevented) start = 0;
    if (!start) return;
    const t = e.changedTouches[0], up = start.clientY - t.clientY;
    pull(up > 8 && up > Math.abs(start.clientX - t.clientX) ? up : 0);
  };
  on("touchmove", drag, passive);
  // While it scrolls the browser tells of moves only now and then: where the finger left is what counts.
  on("touchend", (e) => { drag(e); lift(); });
  on("touchcancel", lift);
  on("wheel", (e) => {
    const fresh = e.timeStamp - last > 200;
    last = e.timeStamp;
    if (e.defaultPrevented || e.deltaY <= 0 || !(pulled || fresh && atEnd(e.target))) return;
    pull(pulled + e.deltaY / 2);
    clearTimeout(quiet);
    quiet = setTimeout(lift, 180);
  }, passive);
  on("scroll", ({ target }) => {
    const el = target === d ? page() : target, y = el.scrollTop;
    if (el.clientHeight > innerHeight * 0.6) send("scroll", { y, fraction: y / (el.scrollHeight - el.clientHeight || 1) });
  }, true);
  // The frame shows the creation and nothing else: what leads out of it opens beside the feed.
  const home = location.origin + (/^\/(art|live)\/[^/]+\/|/.exec(location.pathname)[0] || "/");
  on("click", (e) => {
    const link = e.composedPath().find((node) => node.matches?.("a[href],area[href]"));
    if (!/^https?:/.test(link?.protocol) || link.href.startsWith(home)) return;
    link.target = "_blank";
    link.rel = "noopener";
  }, true);
  on("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) send("back"); });

  const proto = HTMLMediaElement.prototype, play = proto.play;
  const hush = (m) => { m.muted = muted; send("sound"); };
  proto.play = function () { hush(this); return play.call(this); };
  on("play", (e) => hush(e.target), true);
  on("message", ({ source, data }) => {
    if (source !== parent || data?.remix !== 1) return;
    const { type, theme } = data;
    if (theme) root.dataset.remixTheme = theme;
    if (type === "mute") { muted = data.muted; media().forEach(hush); }
    if (type === "back") media().forEach((m) => m.pause());
    dispatchEvent(new CustomEvent("remix:" + type, { detail: { theme, muted } }));
  });
  on("DOMContentLoaded", () => {
    const say = (type) => send(type, { height: page().scrollHeight, viewport: innerHeight });
    say("ready");
    new ResizeObserver(() => say("height")).observe(d.body);
  });
})();
