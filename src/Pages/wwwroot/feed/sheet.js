// One sheet at a time, in the browser's own dialog: it traps focus, closes on Escape and gives focus back.
import { h, icon, toast } from "./dom.js";

export const sheetOpen = () => document.getElementById("sheet")?.open ?? false;

export function sheet(title, ...content) {
  const dialog = document.getElementById("sheet");
  const body = h("div", { class: "sheet-body", tabindex: 0, role: "region", "aria-label": title }, content);
  const bar = h("header", {},
    h("h2", { id: "sheet-title", dir: "auto" }, title),
    h("button", { type: "button", class: "icon-button", "data-action": "close-sheet", "aria-label": "Close", onclick: () => dialog.close() }, icon("x")));
  dialog.replaceChildren(bar, body);
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  dragDown(bar, dialog);
  if (!dialog.open) dialog.showModal();
  return body;
}

function dragDown(bar, dialog) {
  let start = null;
  bar.onpointerdown = (event) => { if (!event.target.closest("button")) { start = event.clientY; bar.setPointerCapture(event.pointerId); } };
  bar.onpointermove = (event) => { if (start !== null) dialog.style.translate = `0 ${Math.max(0, event.clientY - start)}px`; };
  bar.onpointerup = bar.onpointercancel = (event) => {
    if (start !== null && event.clientY - start > bar.offsetHeight) dialog.close();
    start = null;
    dialog.style.translate = "";
  };
}

export async function copy(text, said = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    // Without https there is no clipboard: show it, selected, for the reader's own copy key.
    const field = h("input", { readonly: true, class: "code", value: text, "aria-label": "Text to copy" });
    sheet("Copy this", h("div", { class: "field" }, field));
    field.select();
  }
}

export function command(text, label) {
  return h("div", { class: "command" },
    h("pre", { tabindex: 0, role: "group", "aria-label": label }, h("code", {}, text)),
    h("button", { type: "button", class: "icon-button", "data-action": "copy", "aria-label": `Copy: ${label}`, onclick: () => copy(text) }, icon("copy")));
}
