// The lead's mailbox: read, answer, leave, bounce, complain.

import { act, get } from "./api.js";
import { $, clock, fill, h, tell } from "./dom.js";

let box = localStorage.getItem("mailbox") || "";
let open = null;

export function setUpMailbox() {
  $("mail-box").addEventListener("change", (event) => { box = event.target.value.trim().toLowerCase(); open = null; localStorage.setItem("mailbox", box); showMailbox(); });
  $("mail-write").addEventListener("submit", write);
}

export async function showMailbox() {
  const boxes = await get("mail/boxes");
  fill($("mail-boxes"), boxes.map((one) => one.box), (all) => all.map((value) => h("option", { value })));
  if (!box && boxes.length) box = boxes[0].box;
  if (document.activeElement !== $("mail-box")) $("mail-box").value = box;
  const mails = box ? await get(`mail/boxes/${encodeURIComponent(box)}`) : [];
  if (open === null && mails.length) open = mails[0].id;
  fill($("mail-list"), [mails, open], () => (mails.length ? mails.map(line) : [h("li", { class: "hint" }, box ? "No mail yet." : "Write to a business, or wait for its first mail.")]));
  const mail = mails.find((one) => one.id === open);
  fill($("mail-open"), mail || null, () => (mail ? whole(mail) : [h("p", { class: "hint" }, "Choose a mail.")]));
}

function line(mail) {
  const { headers } = mail;
  return h("li", {}, h("button", { class: "mail-line", "aria-current": String(mail.id === open), onclick: () => { open = mail.id; showMailbox(); } },
    h("strong", {}, mail.mine ? `To: ${headers.To}` : headers.From.replace(/<.*>/, "")), h("span", {}, headers.Subject || "(no subject)"), h("small", {}, clock(mail.at))));
}

function whole(mail) {
  const { headers } = mail;
  const words = h("textarea", { rows: 4, placeholder: "Your answer", "aria-label": "Your answer" });
  const send = (kind) => answer(mail, kind, words);
  return [
    h("h3", {}, headers.Subject || "(no subject)"),
    h("p", { class: "hint" }, `${headers.From} → ${headers.To}`),
    h("iframe", { class: "mail-body", sandbox: "", title: "The mail", src: `/sandbox/api/mail/${mail.id}/html` }),
    mail.mine ? null : h("form", { onsubmit: (event) => { event.preventDefault(); send("reply"); } }, words,
      h("div", { class: "row wrap" },
        h("button", { class: "button" }, "Reply"),
        headers["List-Unsubscribe"] && h("button", { type: "button", class: "button quiet", onclick: () => leave(mail) }, "Unsubscribe"),
        h("button", { type: "button", class: "button quiet", onclick: () => send("auto") }, "Out of office"),
        h("button", { type: "button", class: "button quiet", onclick: () => send("bounce") }, "Bounce"),
        h("button", { type: "button", class: "button quiet", onclick: () => send("complaint") }, "Mark as spam"))),
  ];
}

async function answer(mail, kind, words) {
  const said = kind === "auto" && !words.value ? "I am out of the office until Monday." : words.value;
  if (await act("POST", `mail/${mail.id}/answer`, { kind, words: said })) { words.value = ""; tell("Sent."); showMailbox(); }
}

async function leave(mail) {
  const done = await act("POST", `mail/${mail.id}/unsubscribe`, {});
  if (done) tell(done.status === 200 ? "Unsubscribed with one click." : `The business answered ${done.status}.`);
}

async function write(event) {
  event.preventDefault();
  const told = Object.fromEntries(new FormData(event.target));
  if (!(await act("POST", "mail/write", told))) return;
  box = told.from.trim().toLowerCase();
  localStorage.setItem("mailbox", box);
  event.target.reset();
  tell("Sent.");
  showMailbox();
}
