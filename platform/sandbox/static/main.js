// Ties the phones to the carrier: looks again whenever something changed.

import { get } from "./api.js";
import { $ } from "./dom.js";
import { setUpClock, showClock } from "./clock.js";
import { setUpCall, tickCall } from "./call.js";
import { setUpCrew, showCrew, tickCrew } from "./crew.js";
import { setUpFaults, showFaults } from "./faults.js";
import { setUpMailbox, showMailbox } from "./mailbox.js";
import { leadNumber, setUpLead, showLead, tick } from "./lead.js";

let looking = false;
let again = false;

async function refresh() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    show(await get(`state?phone=${encodeURIComponent(leadNumber())}`));
    if (inSight("mail")) await showMailbox();
    $("link-state").textContent = "";
  } catch {
    $("link-state").textContent = "The carrier does not answer. Trying again…";
  } finally {
    looking = false;
  }
  if (again) { again = false; refresh(); }
}

function show(state) {
  showClock(state);
  showLead(state);
  showCrew(state);
  showFaults(state);
  $("product").hidden = !state.product_url;
  if (state.product_url) $("product").href = state.product_url;
}

// A wide screen shows all parts at once, a phone the chosen one.
const inSight = (part) => $(part).offsetParent !== null;

function choose(part) {
  document.body.dataset.part = part;
  if (inSight("mail")) showMailbox();
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.part === part));
    tab.tabIndex = tab.dataset.part === part ? 0 : -1;
  }
}

function setUpTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab.dataset.part));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      choose(next.dataset.part);
      next.focus();
    });
  }
  choose(location.hash.slice(1) || "lead");
}

function listen() {
  const events = new EventSource("/sandbox/api/events");
  let planned = 0;
  events.onmessage = () => { planned ||= setTimeout(() => { planned = 0; refresh(); }, 60); };
  events.onopen = refresh;
  events.onerror = () => { $("link-state").textContent = "The carrier does not answer. Trying again…"; };
}

setUpTabs();
setUpClock(refresh);
setUpLead(refresh);
setUpCall();
setUpCrew(refresh);
setUpFaults(refresh);
setUpMailbox();
await refresh();
listen();
setInterval(() => { tick(); tickCall(); tickCrew(); }, 1000);
setInterval(refresh, 60_000); // the clock moves on by itself
