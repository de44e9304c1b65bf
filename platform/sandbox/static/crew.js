// The contractor's cells: ring, answer, press 1, text back, behave by themselves.

import { act } from "./api.js";
import { worldNow } from "./clock.js";
import { $, clock, fill, h, initials, minutes, national, stickToEnd } from "./dom.js";
import { heard } from "./heard.js";

const cards = new Map();
let state;
let refresh = () => {};

export function setUpCrew(refreshed) {
  refresh = refreshed;
  $("new-phone").addEventListener("submit", addPhone);
}

async function addPhone(event) {
  event.preventDefault();
  const { number, name } = Object.fromEntries(new FormData(event.target));
  if (await act("POST", "phones", { number, name, role: "crew" })) { event.target.reset(); refresh(); }
}

export function showCrew(fresh) {
  state = fresh;
  for (const phone of state.crew) {
    if (!cards.has(phone.number)) cards.set(phone.number, new Card(phone));
    cards.get(phone.number).show(phone);
  }
  for (const [number, card] of cards) {
    if (state.crew.some((phone) => phone.number === number)) continue;
    card.root.remove();
    cards.delete(number);
  }
  const order = state.crew.map((phone) => cards.get(phone.number).root);
  const empty = h("p", { class: "empty" }, "No phone yet. Add the number that should ring, or call a business: whatever it rings shows up here.");
  fill($("phones"), state.crew.map((phone) => phone.number), () => (order.length ? order : [empty]));
  $("crew-rings").hidden = !state.crew.some((phone) => phone.calls.some((call) => call.live && call.status === "ringing"));
}

/** One phone; its inputs stay as they are while everything around them changes. */
class Card {
  constructor(phone) {
    this.number = phone.number;
    this.head = h("div", { class: "cell-head" });
    this.callBox = h("div", { class: "cell-call", "aria-live": "polite" });
    this.texts = h("ol", { class: "texts", "aria-label": "Texts on this phone" });
    this.reply = h("form", { class: "composer", onsubmit: (event) => this.sendReply(event) },
      h("input", { name: "body", "aria-label": "Reply by text", placeholder: "Reply by text", autocomplete: "off" }),
      h("button", { class: "button small" }, "Send"));
    this.settings = h("form", { class: "settings", onchange: () => this.save() });
    this.details = h("details", {}, h("summary", {}, "What its owner does"), this.settings);
    this.root = h("article", { class: "cell", "aria-label": phone.name || national(phone.number) }, this.head, this.callBox, this.texts, this.reply, this.details);
  }

  show(phone) {
    this.phone = phone;
    const call = phone.calls.find((one) => one.live);
    this.root.classList.toggle("ringing", Boolean(call && call.status === "ringing" && !call.mine));
    fill(this.head, [phone.name, phone.number, phone.behaviour, call && call.status], () => this.headParts(call));
    this.callBox.hidden = !call;
    if (call) this.showCall(call);
    const incoming = phone.messages.filter((text) => !text.mine);
    stickToEnd(this.texts, () => fill(this.texts, phone.messages.slice(-12), (texts) => texts.flatMap(bubble)));
    this.reply.hidden = !incoming.length;
    if (!this.settings.contains(document.activeElement)) fill(this.settings, [settingsOf(phone), state.businesses], () => this.settingFields());
  }

  headParts(call) {
    const { phone } = this;
    const words = call ? (call.status === "ringing" ? "Ringing" : "On a call") : shortWords(phone.behaviour);
    return [
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(phone.name, phone.number)),
      h("div", {}, h("strong", {}, phone.name || phone.national), h("br"), h("small", {}, phone.name ? phone.national : "Not set up")),
      h("span", { class: `badge ${call ? "live" : ""}` }, words),
    ];
  }

  showCall(call) {
    const ringing = call.status === "ringing" && !call.mine;
    const data = [call.sid, call.status, call.from, call.listening, call.log.length];
    fill(this.callBox, data, () => [
      h("p", {}, h("strong", {}, ringing ? "Incoming call" : "On the line"), h("br"), h("small", {}, `shows ${national(call.from)}`)),
      call.log.length > 1 && h("ol", { class: "heard" }, heard(call.log)),
      h("div", { class: "row" }, ringing ? this.ringButtons(call) : this.talkButtons(call)),
    ]);
  }

  ringButtons(call) {
    return [this.button("Answer", "call", call, "answer"), this.button("Decline", "danger", call, "decline")];
  }

  talkButtons(call) {
    const press = h("button", { class: "button", disabled: !call.listening, onclick: () => act("POST", `calls/${call.sid}/press`, { digits: "1" }) }, "Press 1");
    return [press, this.button("Hang up", "danger", call, "hang-up")];
  }

  button(words, kind, call, deed) {
    return h("button", { class: `button ${kind}`, onclick: () => act("POST", `calls/${call.sid}/${deed}`) }, words);
  }

  settingFields() {
    const { phone } = this;
    const choices = Object.entries(state.words.behaviours).map(([value, text]) => h("option", { value, selected: value === phone.behaviour }, text));
    const targets = state.businesses.map((one) => h("option", { value: one.phone_number, selected: one.phone_number === phone.forward_to }, `${one.friendly_name} ${one.national}`));
    return [
      h("label", {}, "When it rings ", h("select", { name: "behaviour" }, choices)),
      h("div", { class: "row" },
        h("label", {}, "Acts after (s) ", h("input", { name: "after", type: "number", min: "0", step: "1", value: phone.after })),
        h("label", {}, "Talks for (s) ", h("input", { name: "talk", type: "number", min: "0", step: "1", value: phone.talk }))),
      h("label", {}, "Unanswered calls are forwarded to ", h("select", { name: "forward_to" }, h("option", { value: "" }, "nobody"), targets)),
      h("label", {}, "Forwarded after (s) ", h("input", { name: "forward_after", type: "number", min: "1", step: "1", value: phone.forward_after })),
      h("label", {}, "Owner ", h("input", { name: "name", value: phone.name, autocomplete: "off" })),
      h("div", { class: "row" }, h("button", { type: "button", class: "button quiet small", onclick: () => this.remove() }, "Take this phone away")),
    ];
  }

  async save() {
    const fields = Object.fromEntries(new FormData(this.settings));
    for (const name of ["after", "talk", "forward_after"]) fields[name] = Number(fields[name]);
    await act("POST", "phones", { number: this.number, role: "crew", ...fields });
    refresh();
  }

  async remove() {
    await act("DELETE", `phones/${this.number}`);
    refresh();
  }

  async sendReply(event) {
    event.preventDefault();
    const last = this.phone.messages.filter((text) => !text.mine).at(-1);
    const body = event.target.elements.body.value.trim();
    if (!body || !last) return;
    if (await act("POST", "texts", { from: this.number, to: last.from, body })) event.target.reset();
  }
}

const settingsOf = ({ behaviour, after, talk, forward_to, forward_after, name }) => ({ behaviour, after, talk, forward_to, forward_after, name });

const shortWords = (behaviour) => ({
  interactive: "You decide", rings: "Nobody answers", accepts: "Presses 1", declines: "Hangs up",
  voicemail: "Voicemail", busy: "Busy", unreachable: "Off",
}[behaviour]);

function bubble(text) {
  const kind = text.mine ? "mine" : text.from_carrier ? "carrier" : "";
  return [
    h("li", { class: `bubble ${kind}` }, text.media.map((item) => h("img", { src: item.url, alt: "Photo" })), text.body),
    h("li", { class: `stamp ${kind}` }, `${text.mine ? "to" : "from"} ${national(text.mine ? text.to : text.from)} · ${clock(text.at)}`),
  ];
}

/** Counting seconds on live calls costs no request. */
export function tickCrew() {
  for (const card of cards.values()) {
    const call = card.phone.calls.find((one) => one.live && one.answered);
    const badge = card.root.querySelector(".badge");
    if (call && badge) badge.textContent = `On a call ${minutes(worldNow() - call.answered)}`;
  }
}
