// What goes wrong, and what already did.

import { act } from "./api.js";
import { $, clock, fill, h, options } from "./dom.js";

const OFTEN = { half: { probability: 0.5 }, all: {} };
let refresh = () => {};

export function setUpFaults(refreshed) {
  refresh = refreshed;
  $("new-fault").addEventListener("submit", add);
}

async function add(event) {
  event.preventDefault();
  const { kind, often, seconds, code, match } = Object.fromEntries(new FormData(event.target));
  const times = OFTEN[often] || { remaining: Number(often) };
  const fault = { kind, match: match.trim(), seconds: Number(seconds), ...(code && { code: Number(code) }), ...times };
  if (await act("POST", "faults", fault)) refresh();
}

async function remove(id) {
  await act("DELETE", `faults/${id}`);
  refresh();
}

export function showFaults(state) {
  const { faults, alerts, words } = state;
  options($("new-fault").elements.kind, Object.entries(words.faults));
  $("fault-count").hidden = !faults.length;
  $("fault-count").textContent = faults.length;
  fill($("active-faults"), faults, () => faults.map((fault) => row(fault, words.faults)));
  fill($("alerts"), alerts, () => (alerts.length ? alerts.map(alert) : [h("li", {}, "Nothing so far.")]));
  fill($("magic"), words.magic, (magic) => Object.entries(magic).flatMap(([digits, fate]) => [
    h("dt", {}, `555-${digits}`), h("dd", {}, meaning(fate, words)),
  ]));
}

function row(fault, words) {
  const often = fault.remaining ? `next ${fault.remaining}` : fault.probability < 1 ? `${fault.probability * 100} %` : "always";
  const detail = [often, fault.code && `code ${fault.code}`, `${fault.seconds} s`, fault.match && `only “${fault.match}”`].filter(Boolean).join(" · ");
  return h("li", {},
    h("div", {}, h("strong", {}, words[fault.kind].split(" (")[0]), detail),
    h("button", { class: "button quiet small", onclick: () => remove(fault.id), "aria-label": `Take away: ${words[fault.kind]}` }, "Take away"));
}

function alert(one) {
  return h("li", {}, h("div", {}, h("strong", {}, `${one.code} · ${one.text}`), `${clock(one.at)} ${one.url.split("?")[0]}`));
}

function meaning([kind, behaviour], words) {
  const voice = behaviour === "interactive" ? "" : ` · ${words.behaviours[behaviour]}`;
  return (kind === "mobile" ? "" : words.kinds[kind]) + (kind === "mobile" ? voice.slice(3) : voice);
}
