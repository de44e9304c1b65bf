// Making elements, and changing the page only where something changed.

export const $ = (id) => document.getElementById(id);

/** h("p", {class: "hint", onclick: f}, "text", node, ...): an element; false and null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value === "boolean") element[name] = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const shown = new WeakMap();

/** Replace what is inside, unless it was made from the same data; true when it was replaced. */
export function fill(container, data, make) {
  const key = JSON.stringify(data);
  if (shown.get(container) === key) return false;
  shown.set(container, key);
  container.replaceChildren(...[make(data)].flat().filter(Boolean));
  return true;
}

/** Keep a scrolled list at its end when its reader was there. */
export function stickToEnd(list, change) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  // A list that is not on the page yet has no height.
  if (change() && atEnd) requestAnimationFrame(() => { list.scrollTop = list.scrollHeight; });
}

export function options(select, pairs, chosen) {
  const had = select.value;
  fill(select, pairs, (all) => all.map(([value, text]) => h("option", { value }, text)));
  if (chosen !== undefined) select.value = chosen;
  else if (pairs.some(([value]) => value === had)) select.value = had;
}

let hiding;
export function tell(text) {
  const toast = $("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.hidden = true; }, 6000);
}

/** A person's initials, or the end of a number. */
export function initials(name, number) {
  const words = (name || "").split(/\s+/).filter((word) => /^[\p{L}\d]/u.test(word) && !/^[(\d]/.test(word));
  return words.length ? words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") : number.slice(-2);
}

export const national = (number) => {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
};

// As the world's clock above them: the demo business's zone, with the day, because the world is turned by days.
export const clock = (at) => new Date(at * 1000).toLocaleString("en-US", { timeZone: "America/Chicago", weekday: "short", hour: "numeric", minute: "2-digit", second: "2-digit" });

export function span(seconds) {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
