// Password fields: what is typed can be shown, and one that is being chosen says how strong it is.

const PAUSE = 250; // milliseconds without a key before the strength is asked for

function offerToShow(part) {
  const input = part.querySelector("input");
  const button = part.querySelector("[data-password-show]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A browser keeps what stood in a text field; a password is none by the time it is sent.
  input.form.addEventListener("submit", () => (input.type = "password"));
}

// The meter says what the hint says, and more.
function show(meter, shown) {
  meter.hidden = !shown;
  const hint = meter.parentElement.querySelector("[id$=-hint]");
  if (hint) hint.hidden = shown;
}

async function measure(meter, input) {
  const body = new FormData();
  body.set("password", input.value);
  for (const field of input.form.querySelectorAll("input[type=text], input[type=email], input[autocomplete=username]")) {
    if (field !== input && field.value) body.append("about", field.value);
  }
  const headers = { "X-CSRFToken": meter.dataset.token };
  const answer = await fetch(meter.dataset.strength, { method: "POST", body, headers });
  if (!answer.ok) return;
  const { score, words, good } = await answer.json();
  show(meter, input.value !== "");
  meter.dataset.score = score;
  meter.dataset.good = good;
  meter.querySelector("[data-strength-words]").textContent = words;
}

function follow(meter, input) {
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (input.value === "") show(meter, false);
    else waiting = setTimeout(() => measure(meter, input).catch(() => {}), PAUSE);
  });
}

for (const part of document.querySelectorAll("[data-password]")) {
  offerToShow(part);
  const meter = part.querySelector("[data-strength]");
  if (meter) follow(meter, part.querySelector("input"));
}
