// The account page's API keys: made, shown once, revoked.
import "./page.js";
import { toast } from "./feed/dom.js";
import { post } from "./games/api.js";

document.querySelector("[data-new-key]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const { key } = await post("/me/api-keys", { name: new FormData(form).get("name") });
    document.querySelector("#made-key code").textContent = key;
    document.querySelector("[data-made]").hidden = false;
    form.reset();
  } catch (error) {
    toast(error.message);
  }
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-revoke]");
  if (!button) return;
  try {
    await post(`/me/api-keys/${button.dataset.revoke}`, undefined, "DELETE");
    button.closest("li").remove();
    toast("Revoked. It is void at once.");
  } catch (error) {
    toast(error.message);
  }
});
