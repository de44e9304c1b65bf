// Passkeys: what the server says in JSON becomes what the browser wants, and back. Hidden where a browser has none.

function bytes(text) {
  const base64 = (text + "=".repeat((4 - (text.length % 4)) % 4)).replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function post(part, url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": part.dataset.token },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({ error: "That did not work. Reload the page and try again." }));
  if (!answer.ok && said.go) location.assign(said.go);
  if (!answer.ok) throw new Error(said.error ?? "");
  return said;
}

async function use(part) {
  const asked = await post(part, part.dataset.options, {});
  const allowed = (asked.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const found = await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: allowed },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  const response = {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  };
  const sent = { id: found.id, rawId: text(found.rawId), type: found.type, response };
  location.assign((await post(part, part.dataset.to, sent)).go);
}

async function make(part) {
  const asked = await post(part, part.dataset.options, {});
  const known = (asked.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const made = await navigator.credentials.create({
    publicKey: { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: known },
  });
  const { clientDataJSON, attestationObject } = made.response;
  const response = { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) };
  const name = part.querySelector("[data-passkey-name]").value;
  const sent = { id: made.id, rawId: text(made.rawId), type: made.type, response, name };
  location.assign((await post(part, part.dataset.to, sent)).go);
}

function offer(part, deed) {
  part.hidden = false;
  const words = part.querySelector("[data-passkey-words]");
  part.querySelector("button").addEventListener("click", () => {
    words.textContent = "";
    deed(part).catch((error) => {
      const theirs = error instanceof DOMException;
      words.textContent = theirs ? "No passkey was used. Try again, or use your password." : error.message;
    });
  });
}

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey-get]")) offer(part, use);
  for (const part of document.querySelectorAll("[data-passkey-make]")) offer(part, make);
}
