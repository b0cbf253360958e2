// Pages for reading: copy buttons, the light and dark switch, and the promise that a secret was saved.
import { copy } from "./feed/sheet.js";

const YearSeconds = 31536000;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-theme-to]");
  if (button?.dataset.copy) copy(document.getElementById(button.dataset.copy).textContent.trim());
  if (button?.dataset.themeTo) {
    const theme = button.dataset.themeTo;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.cookie = `remix-theme=${theme}; path=/; max-age=${theme === "auto" ? 0 : YearSeconds}; samesite=lax`;
    for (const other of document.querySelectorAll("[data-theme-to]")) other.setAttribute("aria-pressed", other === button);
  }
});

const saved = document.querySelector("[data-saved]");
if (saved) {
  const go = document.querySelector("[data-continue]");
  go.inert = !saved.checked;
  saved.addEventListener("change", () => { go.inert = !saved.checked; });
}
