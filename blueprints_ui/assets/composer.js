// The composer: a reply or a note, and the lists that open while one types "@" (people) or "/" (saved replies).

const one = (selector, within = document) => within.querySelector(selector);
const writing = () => one("#writing");

// --- Reply or note ----------------------------------------------------------------------------------------------------

function write(mode) {
  if (!writing()) return;
  writing().dataset.mode = mode;
  for (const button of document.querySelectorAll("[data-write]")) {
    button.setAttribute("aria-pressed", String(button.dataset.write === mode));
  }
  one(mode === "note" ? "#note" : "#body")?.focus();
}
window.writeMode = write;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-write]");
  if (button) write(button.dataset.write);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "note" || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});

// --- Lists while typing -----------------------------------------------------------------------------------------------

// Where each list opens: a sign at the start of a word, and what was typed after it.
const SIGNS = { note: { sign: "@", list: "#names" }, body: { sign: "/", list: "#replies" } };
const TYPED = { "@": /(?:^|\s)@([\p{L}\p{N}' -]{0,30})$/u, "/": /(?:^|\s)\/([\p{L}\p{N}_' -]{0,30})$/u };

function listOf(box) {
  const known = SIGNS[box.id];
  return known && one(known.list);
}

function sought(box) {
  const known = SIGNS[box.id];
  if (!known || box.selectionStart !== box.selectionEnd) return null;
  return TYPED[known.sign].exec(box.value.slice(0, box.selectionStart))?.[1] ?? null;
}

function look(box) {
  const list = listOf(box);
  if (!list) return;
  const words = sought(box)?.toLowerCase();
  const options = [...list.querySelectorAll("[role=option]")];
  for (const option of options) {
    option.hidden = words == null || !option.dataset.find.split(/\s+/).some((word, at, all) => all.slice(at).join(" ").startsWith(words));
  }
  const shown = options.filter((option) => !option.hidden);
  choose(list, shown[0]);
  list.hidden = words == null || (!shown.length && !(list.querySelector("[data-none]") && words === ""));
  box.setAttribute("aria-expanded", String(!list.hidden));
}

function choose(list, option) {
  for (const each of list.querySelectorAll("[role=option]")) each.setAttribute("aria-selected", String(each === option));
  option?.scrollIntoView({ block: "nearest" });
}

function take(box, option) {
  const sign = SIGNS[box.id].sign;
  const from = box.value.lastIndexOf(sign, box.selectionStart - 1);
  box.setRangeText(option.dataset.text, from, box.selectionStart, "end");
  listOf(box).hidden = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

document.addEventListener("input", async (event) => {
  const box = event.target;
  if (!SIGNS[box.id]) return;
  const list = listOf(box);
  if (list?.dataset.from && sought(box) != null && !list.dataset.fetched) {
    list.dataset.fetched = "yes";
    const answer = await fetch(list.dataset.from, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
    if (answer.ok) list.innerHTML = await answer.text();
    else delete list.dataset.fetched;
  }
  look(box);
});

// Before the page's own keys: an open list takes arrows, Enter, Tab and Escape for itself.
addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    const list = SIGNS[box.id] && listOf(box);
    if (!list || list.hidden || event.ctrlKey || event.metaKey) return;
    const shown = [...list.querySelectorAll("[role=option]:not([hidden])")];
    const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") list.hidden = true;
    else if (!shown.length) return;
    else if (event.key === "ArrowDown") choose(list, shown[(at + 1) % shown.length]);
    else if (event.key === "ArrowUp") choose(list, shown[(at - 1 + shown.length) % shown.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(box, shown[Math.max(at, 0)]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[data-picker] [role=option]");
  if (!option) return;
  event.preventDefault();
  const list = option.closest("[data-picker]");
  take(one(list.dataset.picker === "@" ? "#note" : "#body"), option);
});
document.addEventListener("focusout", (event) => {
  const list = SIGNS[event.target.id] && listOf(event.target);
  if (list) list.hidden = true;
});
