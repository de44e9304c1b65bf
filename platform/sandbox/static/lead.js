// The lead's phone: businesses, threads, texts and photos.

import { act } from "./api.js";
import { worldNow } from "./clock.js";
import { $, clock, fill, h, initials, national, options, span, stickToEnd, tell } from "./dom.js";
import { showCall, startCall } from "./call.js";
import { summary } from "./heard.js";

const NEW = "new";
let state;
let business = null;
let refresh = () => {};

export function setUpLead(refreshed) {
  refresh = refreshed;
  $("lead-number").addEventListener("change", choosePhone);
  $("lead-settings-open").addEventListener("click", toggleSettings);
  $("lead-settings").addEventListener("submit", saveSettings);
  $("dialer").addEventListener("submit", dial);
  $("back").addEventListener("click", () => { open(null); });
  $("thread-call").addEventListener("click", () => startCall(state.lead.number, business, refresh));
  $("composer").addEventListener("submit", sendText);
  $("body").addEventListener("keydown", sendOnEnter);
  $("photo").addEventListener("change", showChosen);
  $("talk").addEventListener("load", () => { $("talk").scrollTop = $("talk").scrollHeight; }, true);
}

export function showLead(fresh) {
  state = fresh;
  showNumbers();
  fill($("businesses"), [state.businesses, lastTexts()], businessList);
  if (business) showThread();
  showCall(state, nameOf, refresh);
}

export const leadNumber = () => {
  const fromPath = decodeURIComponent(location.pathname.replace(/^\/phone\/?/, "").replace(/^\//, ""));
  return fromPath || localStorage.getItem("sandbox-lead") || "+17375550142";
};

function showNumbers() {
  const known = new Map(state.leads.map((phone) => [phone.number, phone.name]));
  if (!known.has(state.lead.number)) known.set(state.lead.number, "");
  const pairs = [...known].map(([number, name]) => [number, name ? `${name} · ${national(number)}` : national(number)]);
  options($("lead-number"), [...pairs, [NEW, "Be somebody else…"]], state.lead.number);
  if ($("lead-settings").hidden) return;
  $("lead-settings").dataset.number = state.lead.number;
}

function choosePhone() {
  const chosen = $("lead-number").value;
  if (chosen !== NEW) return goTo(chosen);
  const typed = prompt("Your phone number", "(737) 555-0143");
  const digits = (typed || "").replace(/\D/g, "");
  if (digits.length < 10) { $("lead-number").value = state.lead.number; return undefined; }
  return act("POST", "phones", { number: `+1${digits.slice(-10)}`, role: "lead" }).then((phone) => phone && goTo(phone.number));
}

function goTo(number) {
  localStorage.setItem("sandbox-lead", number);
  location.href = `/phone/${number}`;
}

// -- this phone's settings

function toggleSettings() {
  const sheet = $("lead-settings");
  sheet.hidden = !sheet.hidden;
  $("lead-settings-open").setAttribute("aria-expanded", String(!sheet.hidden));
  if (!sheet.hidden) sheet.replaceChildren(...settingFields());
}

function settingFields() {
  const { lead, words } = state;
  const kinds = Object.entries(words.kinds).map(([value, text]) => h("option", { value, selected: value === lead.kind }, text));
  return [
    h("label", {}, "Owner ", h("input", { name: "name", value: lead.name, autocomplete: "off" })),
    h("label", {}, "Texts sent to it ", h("select", { name: "kind" }, kinds)),
    h("div", { class: "row" }, h("button", { class: "button small" }, "Save")),
  ];
}

async function saveSettings(event) {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  if (await act("POST", "phones", { number: state.lead.number, ...fields })) { toggleSettings(); refresh(); }
}

// -- businesses

const lastTexts = () => Object.fromEntries(state.lead.messages.map((text) => [text.mine ? text.to : text.from, text.body || "Photo"]));

const nameOf = (number) => {
  const known = state.businesses.find((one) => one.phone_number === number);
  const phone = [...state.crew, ...state.leads].find((one) => one.number === number);
  return (known && known.friendly_name) || (phone && phone.name) || national(number);
};

function businessList([businesses, last]) {
  const people = Object.keys(last).filter((number) => !businesses.some((one) => one.phone_number === number));
  const all = [...businesses, ...people.map((number) => ({ phone_number: number, friendly_name: nameOf(number), national: national(number) }))];
  if (!all.length) return emptyList();
  return all.map((one) => h("li", {},
    h("button", { class: "open", onclick: () => open(one.phone_number) },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(one.friendly_name, one.phone_number)),
      h("span", { class: "text" }, h("strong", {}, one.friendly_name || one.national), h("small", {}, last[one.phone_number] || one.national)),
    ),
    h("button", { class: "button call small", onclick: () => { open(one.phone_number); startCall(state.lead.number, one.phone_number, refresh); }, "aria-label": `Call ${one.friendly_name}` }, "Call"),
  ));
}

function emptyList() {
  const link = state.product_url && h("a", { href: state.product_url }, "Finish setting up a business");
  return h("li", { class: "empty" }, "No business has a number yet. ", link || "Buy one through the API", " and it shows up here.");
}

function dial(event) {
  event.preventDefault();
  const digits = $("dial-to").value.replace(/\D/g, "");
  if (digits.length < 10) { tell("Type a number with its area code."); return; }
  open(`+1${digits.slice(-10)}`);
  startCall(state.lead.number, business, refresh);
}

// -- one thread

function open(number) {
  business = number;
  $("home").hidden = number !== null;
  $("thread").hidden = number === null;
  if (number === null) return;
  showThread();
  $("talk").scrollTop = $("talk").scrollHeight;
}

function showThread() {
  $("thread-name").textContent = nameOf(business);
  $("thread-number").textContent = national(business);
  const texts = state.lead.messages.filter((text) => [text.from, text.to].includes(business));
  const calls = state.lead.calls.filter((call) => call.ended && [call.from, call.to].includes(business)).reverse();
  const items = [...texts.map((text) => ({ at: text.at, text })), ...calls.map((call) => ({ at: call.ended, call }))];
  items.sort((one, other) => one.at - other.at);
  const list = $("talk");
  stickToEnd(list, () => fill(list, items, () => items.flatMap((item) => (item.text ? bubble(item.text, calls, texts) : callLine(item.call)))));
  showSince(calls, texts);
}

function bubble(text, calls, texts) {
  const kind = text.mine ? "mine" : text.from_carrier ? "carrier" : "";
  const photos = text.media.map((item) => h("img", { src: item.url, alt: "Photo" }));
  return [
    h("li", { class: `bubble ${kind}` }, photos, text.body),
    h("li", { class: `stamp ${kind}` }, clock(text.at), ...(text.mine ? [] : arrival(text, calls, texts))),
  ];
}

/** How long after the call a text came, unless the lead wrote in between. */
function arrival(text, calls, texts) {
  if (text.from_carrier) return [" · from the carrier, not the business"];
  const last = calls.filter((call) => call.mine && call.created < text.at).at(-1);
  if (!last || text.at - last.ended > 3600) return [];
  if (texts.some((other) => other.mine && other.at > last.created && other.at < text.at)) return [];
  const when = text.at < last.ended ? "during your call" : `${span(text.at - last.ended)} after the call`;
  return [" · ", h("b", {}, when)];
}

function callLine(call) {
  const who = call.mine ? "You called" : "They called you";
  const length = call.answered ? `${span(call.ended - call.answered)}, ` : "";
  const forwarded = call.forwarded_from ? `forwarded from ${nameOf(call.forwarded_from)}, ` : "";
  return [h("li", { class: "event" }, `${who} · ${forwarded}${length}${summary(call)} · ${clock(call.ended)}`)];
}

/** Counts the seconds between hanging up and the first text. */
function showSince(calls, texts) {
  const last = calls.filter((call) => call.mine).at(-1);
  const answered = last && texts.some((text) => !text.mine && text.at >= last.created);
  const waited = last ? worldNow() - last.ended : Infinity;
  $("since").hidden = !last || answered || waited > 120;
  if (!$("since").hidden) $("since").textContent = `The call ended ${Math.floor(waited)} s ago. No text yet.`;
}

export function tick() {
  if (state && business) showThread();
}

// -- writing

function sendOnEnter(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("composer").requestSubmit(); }
}

function showChosen() {
  const count = $("photo").files.length;
  $("chosen").hidden = !count;
  $("chosen").textContent = count === 1 ? `Photo: ${$("photo").files[0].name}` : `${count} photos`;
}

async function sendText(event) {
  event.preventDefault();
  const fields = new FormData();
  fields.set("from", state.lead.number);
  fields.set("to", business);
  fields.set("body", $("body").value.trim());
  for (const file of $("photo").files) fields.append("media", file);
  if (await act("POST", "texts", fields)) {
    $("composer").reset();
    showChosen();
    await refresh();
    $("talk").scrollTop = $("talk").scrollHeight;
  }
}
