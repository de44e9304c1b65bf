// The inbox: live lists and threads, keyboard, drafts, and where the reader's eye is kept.

const $ = (selector, within = document) => within.querySelector(selector);
const inbox = () => $("#inbox");
const thread = () => $("#thread");
const openId = () => thread()?.dataset.conversation ?? "";
const NEAR = 120; // pixels from the end within which the reader follows the talk

// What a reader opened stays open when the part around it is fetched again.
htmx.config.morphIgnore.push("open");

// --- Live -----------------------------------------------------------------------------------------------------------

const due = new Map();

function soon(name, deed, wait = 120) {
  clearTimeout(due.get(name));
  due.set(name, setTimeout(deed, wait));
}

// Each fetch waits in a queue of its own. In that of the body, where htmx puts what names no source, the browser's back
// and forward would find no room beside them and be dropped: the address of one talk above the words of another.
function fetchList() {
  if (!$("#lines")) return;
  const query = new URLSearchParams({ rows: String(document.querySelectorAll("[data-line]").length), open: openId() });
  if (inbox().dataset.today) query.set("today", inbox().dataset.today);
  else query.set("view", inbox().dataset.view);
  if (inbox().dataset.label) query.set("label", inbox().dataset.label);
  htmx.ajax("GET", `/inbox/list?${query}`, { source: "#list", target: "#lines", swap: "innerMorph" });
}

function fetchThread() {
  const open = thread();
  if (!open) return;
  const query = new URLSearchParams({ first: open.dataset.first, view: inbox().dataset.view });
  query.set("composer", $("#composer [data-state]").dataset.state);
  htmx.ajax("GET", `/inbox/${open.dataset.conversation}/entries?${query}`, { source: "#inbox", target: "#entries", swap: "none" });
}

for (const topic of ["conversation", "alarm", "resync", "tasks"]) {
  document.body.addEventListener(`live:${topic}`, (event) => {
    soon("list", fetchList);
    if (!event.detail.id || event.detail.id === openId()) soon("thread", fetchThread);
  });
}
// Waiting times and their colours grow older without an event.
setInterval(() => document.visibilityState === "visible" && fetchList(), 60_000);

// --- Scrolling and the note about new messages ----------------------------------------------------------------------

let following = true;
let last = "";
let before = 0;

const scroller = () => $("#scroll");
const lastEntry = () => $("#entries > article:last-of-type");
const nearEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;

function toEnd() {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
  if ($("#jump")) $("#jump").hidden = true;
}

function begin() {
  if (!thread()) return;
  const aimed = location.hash.startsWith("#e-") && document.getElementById(location.hash.slice(1));
  following = !aimed;
  last = lastEntry()?.id ?? "";
  if (aimed) aimed.scrollIntoView({ block: "center" });
  else toEnd();
  scroller().addEventListener("scroll", () => {
    following = nearEnd(scroller());
    if (following) $("#jump").hidden = true;
  });
  // Photos grow after the first paint.
  for (const photo of document.querySelectorAll("#entries img")) {
    photo.addEventListener("load", () => following && toEnd(), { once: true });
  }
  wakeComposer();
  mark();
}

function grown() {
  const newest = lastEntry();
  if (!newest || newest.id === last) return following && toEnd();
  last = newest.id;
  const incoming = newest.dataset.direction === "in" || newest.dataset.entry === "call";
  if (following) toEnd();
  else if (incoming) $("#jump").hidden = false;
  if (incoming) announce(newest);
}

function announce(entry) {
  const words = entry.innerText.trim().split("\n")[0];
  $("#announcer").textContent = `New from ${thread().dataset.name || "this caller"}: ${words}`;
}

document.addEventListener("htmx:before:swap", () => {
  before = scroller()?.scrollHeight ?? 0;
});

document.addEventListener("htmx:after:swap", (event) => {
  const asked = event.detail.ctx.request.action;
  if (asked.includes("/earlier?")) scroller().scrollTop += scroller().scrollHeight - before;
  else if (asked.includes("/entries?") || event.detail.ctx.sourceElement?.closest("[data-deed], #compose")) grown();
  else if (event.detail.ctx.target?.id === "pane") opened();
  else if (event.detail.ctx.target?.id === "inbox") begin(); // the browser's back and forward
  if (asked.endsWith("/send")) sent("body");
  if (asked.endsWith("/notes")) sent("note");
  if (asked.endsWith("/later/edit")) takenUp();
  mark();
});

function opened() {
  inbox().dataset.show = "thread";
  begin();
}

function mark() {
  for (const line of document.querySelectorAll("[data-line]")) {
    if (line.dataset.line === openId()) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

// --- Composer: drafts stay with their conversation --------------------------------------------------------------------

const draftKey = (box) => `draft:${box.dataset.keep}`;

const boxes = () => document.querySelectorAll("#body, #note");
const button = (box) => $(box.id === "note" ? "[data-save-note]" : "[data-send]");

function wakeComposer() {
  for (const box of boxes()) {
    if (!box.value) box.value = sessionStorage.getItem(draftKey(box)) ?? "";
    sized(box);
    if (box.id === "body" && box.value) htmx.trigger(box, "refresh");
  }
}

function sized(box) {
  if (button(box)) button(box).disabled = !box.value.trim() && !(box.id === "body" && $("#files [name=attachment]"));
  if (CSS.supports("field-sizing", "content")) return;
  // Rows, not a style: htmx copies attributes when it swaps, and our content policy forbids style attributes.
  for (box.rows = 1; box.rows < 7 && box.scrollHeight > box.clientHeight; ) box.rows += 1;
}

function sent(id) {
  const box = document.getElementById(id);
  if (!box) return;
  // Refused: the words came back with the reason. Sent: the box is empty, and so is the draft.
  if (!box.hasAttribute("data-typed")) {
    sessionStorage.removeItem(draftKey(box));
    box.value = "";
    following = true;
    toEnd();
  }
  wakeComposer();
  box.focus();
}

// The words of a text that was taken back to be changed come after what was being typed.
function takenUp() {
  const box = $("#body");
  if (!box) return;
  const draft = sessionStorage.getItem(draftKey(box));
  if (draft && draft !== box.value) box.value = `${draft}\n${box.value}`;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (!["body", "note"].includes(event.target.id)) return;
  sessionStorage.setItem(draftKey(event.target), event.target.value);
  sized(event.target);
});

// The composer itself is never morphed while somebody writes; only when it closes or opens is it fetched anew.
document.addEventListener("htmx:before:request", (event) => {
  if (["compose", "note-form"].includes(event.target.id)) button($("textarea", event.target)).disabled = true;
});
document.addEventListener("htmx:error", () => boxes().forEach(sized));

// --- Clicks -----------------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (event.target.closest("#jump")) toEnd();
  if (event.target.closest("[data-toggle-panel]")) {
    inbox().dataset.show = inbox().dataset.show === "panel" ? "thread" : "panel";
  }
  const plain = event.target.closest("[data-plain]");
  if (plain) {
    $("#body").value = plain.dataset.plain;
    $("#body").dispatchEvent(new Event("input", { bubbles: true }));
    $("#body").focus();
  }
  const jump = event.target.closest("[data-jump]");
  const aim = jump && document.getElementById(jump.dataset.jump);
  if (aim) {
    event.preventDefault();
    inbox().dataset.show = "thread";
    aim.scrollIntoView({ block: "center", behavior: "smooth" });
    aim.animate([{ backgroundColor: "var(--brand-soft)" }, {}], { duration: 1800 });
  }
  if (event.target.closest("[data-back]") && $("#lines [data-line]")) {
    event.preventDefault();
    back();
  }
  if (event.target.closest(".menu-panel button")) event.target.closest("details[data-menu]")?.removeAttribute("open");
});

function back() {
  const was = document.querySelector(`[data-line="${openId()}"]`);
  const { today, view, label } = inbox().dataset;
  inbox().dataset.show = "list";
  history.pushState({ htmx: true }, "", (today ? `/inbox?today=${today}` : `/inbox?view=${view}`) + (label ? `&label=${label}` : ""));
  was?.focus();
}

// --- Keyboard ---------------------------------------------------------------------------------------------------------

function step(by) {
  const lines = [...document.querySelectorAll("[data-line]")];
  const at = lines.findIndex((line) => line === document.activeElement);
  const from = at >= 0 ? at : lines.findIndex((line) => line.dataset.line === openId());
  lines[Math.min(Math.max(from + by, 0), lines.length - 1)]?.focus();
}

function menu(id) {
  const shown = $(id);
  if (!shown) return;
  shown.open = true;
  $(".menu-panel button, .menu-panel summary", shown)?.focus();
}

function openLine() {
  const line = document.activeElement.closest("[data-line]") ?? $("[data-line]");
  line?.click();
}

function labelMenu() {
  menu("#more-menu");
  if ($("#label-menu")) $("#label-menu").open = true;
  $("#label-menu summary")?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: openLine,
  r: () => window.writeMode("reply"),
  n: () => window.writeMode("note"),
  s: () => menu("#snooze-menu"),
  z: () => menu("#snooze-menu"),
  t: () => menu("#later-menu"),
  l: labelMenu,
  a: () => menu("#assign-menu"),
  e: () => $("[data-close-thread]")?.click(),
  "?": () => $("#shortcuts").showModal(),
};

document.addEventListener("keydown", (event) => {
  const box = event.target.closest("#body, #note");
  if (box?.id === "body" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!$("[data-send]").disabled) box.form.requestSubmit();
    return;
  }
  // Enter in a form presses its first button, which would be another time than the one just picked.
  if (event.target.name === "later_at" && event.key === "Enter") {
    event.preventDefault();
    $("[data-later-pick]").click();
    return;
  }
  if (event.key === "Escape") return escape(box);
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// An open menu takes the Escape for itself, and is closed before the other listeners look.
let taken = false;
addEventListener("keydown", () => (taken = Boolean($("details[data-menu][open], dialog[open]"))), true);

function escape(box) {
  if (taken) return;
  if (box) box.blur();
  else if (inbox().dataset.show === "panel") inbox().dataset.show = "thread";
  else if (matchMedia("(max-width: 767px)").matches && inbox().dataset.show === "thread") back();
  else document.querySelector(`[data-line="${openId()}"]`)?.focus();
}

begin();
