// The world's clock: what it shows, and turning it forward.

import { act } from "./api.js";
import { $ } from "./dom.js";

let ahead = 0;

export const worldNow = () => Date.now() / 1000 + ahead;

export function setUpClock(refresh) {
  for (const button of document.querySelectorAll("[data-turn]")) {
    button.addEventListener("click", () => turn(JSON.parse(button.dataset.turn), refresh));
  }
  $("clock-at").addEventListener("submit", (event) => {
    event.preventDefault();
    turn({ at: $("clock-at-when").value }, refresh);
  });
}

async function turn(how, refresh) {
  if (await act("POST", "clock", how)) refresh();
}

export function showClock({ clock }) {
  ahead = clock.now - Date.now() / 1000;
  $("clock").hidden = !clock.can_turn;
  $("clock-day").textContent = clock.day;
  $("clock-time").textContent = clock.time;
  $("clock-ahead").textContent = clock.ahead ? `${spoken(clock.ahead)} ahead of the real time` : "";
}

function spoken(seconds) {
  const hours = Math.round(seconds / 3600);
  const days = Math.floor(hours / 24);
  const parts = [days && `${days} ${days === 1 ? "day" : "days"}`, hours % 24 && `${hours % 24} h`];
  return parts.filter(Boolean).join(" ") || "a moment";
}
