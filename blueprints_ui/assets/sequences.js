// The editor of a sequence: what stands beside a card follows the typing, and a card can be dragged to another place.

const form = document.getElementById("sequence");
let waiting = 0;
let dragged = null;

function look() {
  clearTimeout(waiting);
  waiting = setTimeout(() => htmx.trigger("#looker", "look"), 350);
}

form?.addEventListener("input", look);

form?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-grip]") ? event.target.closest("[data-step]") : null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(dragged, 16, 16);
  dragged.classList.add("opacity-50");
});

form?.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-step]");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  over.parentElement.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
});

form?.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("opacity-50");
  dragged = null;
  // The server numbers the cards anew and says which forks now lead backwards.
  htmx.trigger("#orderer", "order");
});

// A card that was moved by its button keeps the keyboard's place.
let pressed = null;
form?.addEventListener("click", (event) => {
  pressed = event.target.closest("button[name=do]")?.id || null;
});
document.addEventListener("htmx:after:swap", () => {
  if (!pressed) return;
  const button = document.getElementById(pressed);
  (button?.disabled ? button.parentElement.querySelector("button:not(:disabled)") : button)?.focus();
  pressed = null;
});
