// The carrier's controls.

import { tell } from "./dom.js";

async function ask(method, path, body) {
  const form = body instanceof FormData;
  const response = await fetch(`/sandbox/api/${path}`, {
    method,
    headers: body && !form ? { "Content-Type": "application/json" } : {},
    body: form ? body : body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

export const get = (path) => ask("GET", path);

/** Do something; a refusal is shown in its own words and gives null. */
export async function act(method, path, body) {
  try {
    return await ask(method, path, body);
  } catch (refused) {
    tell(refused.message);
    return null;
  }
}
