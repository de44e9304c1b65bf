// Live pages: what the server says happened becomes a DOM event on the body, such as live:conversation,
// and the parts of the page that care fetch themselves again: hx-trigger="live:conversation from:body".
// Every event carries {topic, id}; "live:any" follows each of them. After a silence, live:resync asks all to fetch.

let stream;
let wait = 1000;
let seen = false;

async function connect() {
  clearTimeout(connect.timer);
  try {
    const answer = await fetch("/live-ticket", { headers: { Accept: "application/json", "HX-Request": "true" } });
    if (answer.status === 401 || answer.status === 404) return;
    if (!answer.ok) throw new Error(String(answer.status));
    open((await answer.json()).ticket);
  } catch {
    again();
  }
}

function open(ticket) {
  stream?.close();
  stream = new EventSource(`/live?ticket=${encodeURIComponent(ticket)}`);
  stream.onopen = () => {
    wait = 1000;
    document.documentElement.dataset.live = "on";
  };
  stream.onmessage = (event) => tell(JSON.parse(event.data));
  stream.addEventListener("resync", () => {
    // The first one comes with the page itself, which is fresh.
    if (seen) tell({ topic: "resync", id: null });
    seen = true;
  });
  // A stream that ends needs a new ticket, so the browser's own retry is of no use.
  stream.onerror = () => {
    stream.close();
    again();
  };
}

function again() {
  document.documentElement.dataset.live = "off";
  connect.timer = setTimeout(connect, wait + Math.random() * 500);
  wait = Math.min(wait * 2, 30_000);
}

function tell(detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${detail.topic}`, { detail }));
  document.body.dispatchEvent(new CustomEvent("live:any", { detail }));
  if (["conversation", "tasks", "resync"].includes(detail.topic)) recount();
}

function recount() {
  clearTimeout(recount.timer);
  recount.timer = setTimeout(async () => {
    const answer = await fetch("/nav-counts", { headers: { "HX-Request": "true" } });
    if (answer.ok) show(await answer.json());
  }, 300);
}

function show(counts) {
  for (const element of document.querySelectorAll("[data-count]")) {
    const number = counts[element.dataset.count] ?? 0;
    element.textContent = number > 99 ? "99+" : String(number);
    element.hidden = number === 0;
  }
}

addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && connect());
// What is told while htmx puts an earlier page back reaches nobody: its parts do not listen yet.
addEventListener("popstate", () => setTimeout(() => tell({ topic: "resync", id: null }), 1000));
connect();
