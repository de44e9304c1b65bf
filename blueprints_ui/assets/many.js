// Several conversations at once: ticked by mouse, with shift for a whole stretch, or by the key x.

const picked = new Set();
let lastPicked = "";
const boxesOf = () => [...document.querySelectorAll("[data-pick]")];
const bar = () => document.getElementById("many");

function paint() {
  const here = document.getElementById("inbox");
  if (!here) return;
  for (const box of boxesOf()) box.checked = picked.has(box.dataset.pick);
  here.toggleAttribute("data-selecting", picked.size > 0 || here.hasAttribute("data-select-mode"));
  bar().hidden = picked.size === 0;
  const count = bar().querySelector("[data-many-count]");
  if (count) count.textContent = String(picked.size);
  document.querySelector("[data-select]")?.setAttribute("aria-pressed", String(here.hasAttribute("data-selecting")));
}

async function show() {
  paint();
  if (!picked.size || bar().childElementCount) return;
  await htmx.ajax("GET", "/inbox/many", { target: "#many", swap: "innerHTML" });
  paint();
}

function pick(id, on, stretch) {
  const ids = boxesOf().map((box) => box.dataset.pick);
  const [from, to] = [ids.indexOf(lastPicked), ids.indexOf(id)];
  const some = stretch && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  for (const each of some) on ? picked.add(each) : picked.delete(each);
  lastPicked = id;
  show();
}

function unpick() {
  picked.clear();
  document.getElementById("inbox").removeAttribute("data-select-mode");
  paint();
}

async function doMany(deed, name, value) {
  const values = { ids: [...picked].join(","), ...(name ? { [name]: value } : {}) };
  await htmx.ajax("POST", `/inbox/many/${deed}`, { source: "#many", target: "#many-done", swap: "innerHTML", values });
  if (document.querySelector("#many-done [data-refused]")) return;
  unpick();
  // Where live news are late, the list is fetched at once all the same.
  document.body.dispatchEvent(new CustomEvent("live:conversation", { detail: { id: null } }));
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-pick]");
  if (box) return pick(box.dataset.pick, box.checked, event.shiftKey);
  const deed = event.target.closest("[data-many]");
  if (deed) {
    deed.closest("details[data-menu]")?.removeAttribute("open");
    return doMany(deed.dataset.many, deed.dataset.name, deed.dataset.value);
  }
  if (event.target.closest("[data-many-clear]")) unpick();
  if (event.target.closest("[data-select]")) {
    const here = document.getElementById("inbox");
    if (here.hasAttribute("data-selecting")) return unpick();
    here.setAttribute("data-select-mode", "");
    paint();
  }
});

const FOR_MANY = { a: "#many-assign", l: "#many-label", s: "#many-snooze", z: "#many-snooze" };

// Before the keys of a single conversation: while some are selected, these keys mean them.
addEventListener(
  "keydown",
  (event) => {
    const busy = event.target.closest?.("input:not([data-pick]), textarea, select, [contenteditable], dialog");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("details[data-menu][open]")) return;
    const line = document.activeElement?.closest?.("[data-line]")?.dataset.line ?? document.getElementById("thread")?.dataset.conversation;
    if (event.key.toLowerCase() === "x" && line && document.querySelector(`[data-pick="${line}"]`)) pick(line, !picked.has(line), event.shiftKey);
    else if (!picked.size) return;
    else if (FOR_MANY[event.key]) {
      const menu = document.querySelector(FOR_MANY[event.key]);
      menu.open = true;
      menu.querySelector(".menu-panel > button, .menu-panel a")?.focus();
    } else if (event.key === "e") doMany("close");
    else if (event.key === "Escape") unpick();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("htmx:after:swap", paint);
