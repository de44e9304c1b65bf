// The lead's phone while it is calling or ringing.

import { act } from "./api.js";
import { worldNow } from "./clock.js";
import { $, fill, h, minutes, stickToEnd } from "./dom.js";
import { heard, KEYS, sound } from "./heard.js";

const LINGER = 2500; // milliseconds the end of a call stays on the screen
let current = null;
let over = null;
let reload = () => {};

export async function startCall(from, to, refresh) {
  over = null;
  if (await act("POST", "calls", { from, to, in_person: true })) refresh();
}

export function setUpCall() {
  $("keys").append(...KEYS.map((key) => h("button", { type: "button", onclick: () => press(key) }, key)));
  $("end").addEventListener("click", () => current && act("POST", `calls/${current.sid}/${ringsHere(current) ? "decline" : "hang-up"}`));
  $("accept").addEventListener("click", () => current && act("POST", `calls/${current.sid}/answer`));
  $("voicemail").addEventListener("submit", leaveMessage);
  document.addEventListener("keydown", typeKey);
}

const press = (digits) => current && act("POST", `calls/${current.sid}/press`, { digits });
const ringsHere = (call) => !call.mine && call.status === "ringing";

function typeKey(event) {
  const writing = /INPUT|TEXTAREA|SELECT/.test(event.target.tagName);
  if (current && !writing && !event.ctrlKey && !event.metaKey && KEYS.includes(event.key)) press(event.key);
}

async function leaveMessage(event) {
  event.preventDefault();
  const text = $("words").value.trim();
  if (!text || !current) return;
  if (await act("POST", `calls/${current.sid}/say`, { text, hang_up: true })) $("words").value = "";
}

export function showCall(state, nameOf, refresh) {
  reload = refresh;
  const live = state.lead.calls.filter((call) => call.live && !call.onward);
  const call = live.find((one) => one.direction === "inbound") || live[0] || null;
  if (current && !call) linger(state.lead.calls.find((one) => one.sid === current.sid));
  current = call;
  const shown = call || over;
  $("call").hidden = !shown;
  if (shown) draw(shown, nameOf);
}

function linger(ended) {
  over = ended || null;
  setTimeout(() => { over = null; reload(); }, LINGER);
}

function draw(call, nameOf) {
  const other = call.mine ? call.to : call.from;
  $("call-name").textContent = nameOf(other);
  $("call-state").textContent = stateWords(call);
  stickToEnd($("heard"), () => fill($("heard"), call.log, heard));
  sound(call, $("sound").checked);
  $("accept").hidden = !ringsHere(call);
  $("call").classList.toggle("ringing", ringsHere(call));
  $("end").hidden = !call.live;
  $("end-word").textContent = ringsHere(call) ? "Decline" : "Hang up";
  $("keys").classList.toggle("wanted", call.listening);
  $("keys").hidden = call.recording || !call.live || ringsHere(call);
  if ($("voicemail").hidden && call.recording) setTimeout(() => $("words").focus());
  $("voicemail").hidden = !call.recording;
}

function stateWords(call) {
  if (call.ended) return "Call ended";
  if (ringsHere(call)) return "is calling";
  if (!call.answered) return "Ringing…";
  return `${call.recording ? "Recording" : "Connected"} ${minutes(worldNow() - call.answered)}`;
}

export function tickCall() {
  if (current && !$("call").hidden) $("call-state").textContent = stateWords(current);
}
