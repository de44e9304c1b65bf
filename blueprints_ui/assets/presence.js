// Who else is in this thread: the page says that it is here, and shows who else says so.

const AGAIN = 10_000; // milliseconds; the server forgets whoever was silent for 25 seconds
const HANDS_OFF = 6_000; // after the last key, one reads again
let place = "";
let written = 0;

const shownThread = () => (document.visibilityState === "visible" ? document.querySelector("#thread[data-may-write]")?.dataset.conversation ?? "" : "");

function say(id, doing) {
  const line = document.getElementById("presence");
  if (line && id === place) return htmx.ajax("POST", `/inbox/${id}/here`, { source: "#presence", target: "#presence", swap: "innerHTML", values: { doing } });
  // The thread is not on the screen any more: this is the last word, and nobody waits for its answer.
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers:inherited")) };
  fetch(`/inbox/${id}/here`, { method: "POST", headers, body: new URLSearchParams({ doing }), keepalive: true }).catch(() => {});
}

function beHere() {
  const now = shownThread();
  if (place && place !== now) {
    const left = place;
    place = "";
    say(left, "gone");
  }
  place = now;
  if (place) say(place, Date.now() - written < HANDS_OFF ? "writing" : "reading");
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "body" || !event.target.value.trim()) return;
  const fresh = Date.now() - written > HANDS_OFF / 2;
  written = Date.now();
  if (fresh) beHere();
});
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.request.action.endsWith("/send")) written = 0;
  if (shownThread() !== place) beHere();
});
document.body.addEventListener("live:presence", (event) => {
  if (place && event.detail.id === place) htmx.ajax("GET", `/inbox/${place}/here`, { source: "#presence", target: "#presence", swap: "innerHTML" });
});
document.addEventListener("visibilitychange", beHere);
addEventListener("pagehide", () => {
  const left = place;
  place = "";
  if (left) say(left, "gone");
});
setInterval(beHere, AGAIN);
beHere();
