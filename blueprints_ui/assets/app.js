// Small habits of every page: menus close, times stay current, notes go away, "/" searches.

// Within the hour the words change by the minute; the server wrote the rest in the business's zone.
function refreshTimes() {
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    if (seconds < 0 || seconds >= 3600) continue;
    const minutes = Math.round(seconds / 60);
    element.textContent = minutes === 0 ? "now" : `${minutes} min`;
  }
}
setInterval(refreshTimes, 20_000);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-dismissible]")?.remove();
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => toast("Copied."));
});

// Settings: a second stretch of a day, a variable put into the words, a warning above a limit.
document.addEventListener("click", (event) => {
  const revealer = event.target.closest("[data-reveal]");
  if (revealer) {
    document.getElementById(revealer.dataset.reveal).hidden = false;
    revealer.parentElement.textContent = "and";
  }
  const inserter = event.target.closest("[data-insert]");
  const target = inserter?.closest("form").querySelector("[data-insert-target]");
  if (target) {
    target.setRangeText(inserter.dataset.insert, target.selectionStart, target.selectionEnd, "end");
    target.focus();
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
document.addEventListener("input", (event) => {
  const limit = event.target.dataset?.warnAbove;
  if (limit) document.getElementById(event.target.dataset.warning).hidden = Number(event.target.value) <= Number(limit);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  }
  if (event.key === "/" && !typing && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    document.querySelector("[data-search]")?.focus();
  }
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// A form that only narrows a list sends itself.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

function toast(words, tone = "good") {
  const note = document.createElement("div");
  note.className = "notice toast-note";
  note.dataset.tone = tone;
  note.textContent = words;
  document.getElementById("toasts")?.append(note);
  retire(note);
}
window.toast = toast;

function retire(note) {
  if (note.dataset.tone !== "bad") setTimeout(() => note.remove(), 5000);
  note.addEventListener("click", () => note.remove());
}
for (const note of document.querySelectorAll(".toasts .toast-note")) retire(note);

// An answer may ask for a note with the header HX-Trigger: {"toast": {"words": "…", "tone": "good"}}.
document.addEventListener("toast", (event) => toast(event.detail.words ?? event.detail.value, event.detail.tone));
document.addEventListener("htmx:error", () => toast("That did not reach us. Check the connection and try again.", "bad"));
