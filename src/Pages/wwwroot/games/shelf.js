// The shelf of games: making a new one leads to its studio.
import "../page.js";
import { toast } from "../feed/dom.js";
import { post } from "./api.js";

document.querySelector("[data-new-game]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get("name").trim();
  try {
    const game = await post("/games", name ? { name } : {});
    location.href = `/games/${game.id}/v/${game.versions[0].id}`;
  } catch (error) {
    toast(error.message);
  }
});
