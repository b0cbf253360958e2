// An open creation: its page, the thin bar, and every way back. Used over the feed and on the creation's own page.
import { h, icon } from "./dom.js";
import { showLike } from "./cards.js";
import { Frame, Sandbox } from "./frame.js";
import { call } from "./net.js";

const PatienceMs = 1500;
const SlowMs = 8000;
const PullEnough = 110;
const DragEnough = 90;
const Scrolls = 1.15;

export class Viewer {
  constructor(root, { leave, seen, game }) {
    Object.assign(this, { root, leave, seen, game });
    this.bar = root.querySelector(".viewer-bar");
    this.page = root.querySelector(".viewer-page");
    this.bar.querySelector('[data-action="sound"]').onclick = () => this.mute(!this.muted);
    this.bar.querySelector('[data-action="wide"]').onclick = () => this.widen();
    dragDown(this);
  }

  get isOpen() { return Boolean(this.creation); }

  show(creation) {
    this.creation = creation;
    this.root.dataset.id = creation.id;
    this.bar.querySelector("[data-title]").textContent = creation.topic;
    this.root.setAttribute("aria-label", creation.topic);
    showLike(this.root, creation);
    const iframe = h("iframe", { title: creation.topic, sandbox: Sandbox, allow: "autoplay; fullscreen; gyroscope; accelerometer", src: creation.content_url });
    const poster = this.page.querySelector(".viewer-poster") ?? h("img", { class: "viewer-poster", src: creation.cover_url || creation.thumbnail_url || "data:,", alt: "" });
    this.page.replaceChildren(iframe, poster);
    this.root.hidden = false;
    this.attach(iframe);
  }

  // Counted at once, and never waited for.
  attach(iframe) {
    this.muted = true;
    this.lastY = 0;
    for (const name of ["ready", "reading", "pull"]) delete this.root.dataset[name];
    this.heard = false;
    this.root.dataset.fit = "fit";
    this.bar.querySelector('[data-action="sound"]').hidden = true;
    const { creation } = this;
    call(`/creations/${creation.id}/view`, { method: "POST" }).then(({ view_count }) => { creation.view_count = view_count; this.seen(creation); })
      .catch((error) => { if (!error.status) this.missing(iframe); });
    const ready = () => { this.root.dataset.ready = ""; };
    this.frame = new Frame(iframe, {
      ready: (said) => { this.heard = true; this.page.querySelector(".viewer-missing")?.remove(); this.fit(said); ready(); },
      height: (said) => this.fit(said),
      scroll: ({ y }) => this.reading(y),
      overscroll: ({ distance, released }) => this.pull(distance, released),
      sound: () => { this.bar.querySelector('[data-action="sound"]').hidden = false; },
      back: () => this.leave(),
      game: () => { if (this.game) this.frame.close(); this.game?.(creation); },
    });
    iframe.addEventListener("load", () => setTimeout(ready, 300));
    setTimeout(ready, PatienceMs);
    setTimeout(() => this.missing(iframe), SlowMs);
  }

  // Every page says that it is ready. One that has not is slow or cannot be reached; should it speak after all, it is shown.
  missing(iframe) {
    if (this.heard || !iframe.isConnected || this.page.querySelector(".viewer-missing")) return;
    this.root.dataset.ready = "";
    this.page.append(h("div", { class: "viewer-missing", role: "alert" },
      h("h2", {}, "The page is not here yet"),
      h("p", {}, "It is slow to come, or the line is gone."),
      h("button", { type: "button", class: "button primary", onclick: () => { this.frame.close(); this.show(this.creation); } }, "Try again")));
  }

  // Keys that scroll are the page's own.
  enter() { this.page.querySelector("iframe")?.focus(); }

  hide() {
    this.frame?.close();
    this.page.replaceChildren();
    this.root.hidden = true;
    this.root.style.translate = "";
    this.root.removeAttribute("data-wide");
    this.creation = null;
  }

  // Decided once per page: going back and forth between the two would move the page under the reader.
  fit({ height, viewport }) {
    if (viewport && height > viewport * Scrolls) this.root.dataset.fit = "scroll";
  }

  reading(y) {
    if (Math.abs(y - this.lastY) < 8 && y > 8) return;
    this.root.toggleAttribute("data-reading", y > this.lastY && y > 24);
    this.lastY = y;
  }

  pull(distance, released) {
    const enough = distance > PullEnough;
    if (released && enough) return this.leave();
    if (released || distance <= 0) delete this.root.dataset.pull;
    else this.root.dataset.pull = enough ? "enough" : "some";
    this.root.style.translate = released ? "" : `0 ${-Math.min(distance * 0.4, 80)}px`;
  }

  mute(muted) {
    this.muted = muted;
    this.frame.send("mute", { muted });
    const button = this.bar.querySelector('[data-action="sound"]');
    button.replaceChildren(icon(muted ? "volume-x" : "volume-2"));
    button.setAttribute("aria-pressed", !muted);
  }

  widen() {
    const on = this.root.toggleAttribute("data-wide");
    const button = this.bar.querySelector('[data-action="wide"]');
    button.replaceChildren(icon(on ? "minimize-2" : "maximize-2"));
    button.setAttribute("aria-label", on ? "Phone width" : "Full width");
  }
}

function dragDown(viewer) {
  const { bar, root } = viewer;
  let start = null;
  bar.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button, a")) return;
    start = event.clientY;
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointermove", (event) => {
    if (start !== null) root.style.translate = `0 ${Math.max(0, event.clientY - start)}px`;
  });
  const end = (event) => {
    if (start === null) return;
    const far = event.clientY - start > DragEnough;
    start = null;
    if (far) viewer.leave();
    else root.style.translate = "";
  };
  bar.addEventListener("pointerup", end);
  bar.addEventListener("pointercancel", end);
}
