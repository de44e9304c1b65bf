// Settings → Notices: this browser takes push, or says why it cannot.

function keyBytes(text) {
  const base64 = (text + "=".repeat((4 - (text.length % 4)) % 4)).replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

const button = document.getElementById("push-here");
const words = document.getElementById("push-words");

async function takePush() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    words.textContent = "This browser cannot take push. On an iPhone, add Hallway to the home screen first.";
    return;
  }
  if ((await Notification.requestPermission()) !== "granted") {
    words.textContent = "The browser does not allow it. Change that in its settings for this site.";
    return;
  }
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: keyBytes(button.dataset.key),
  });
  const answer = await fetch("/settings/notices/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": button.dataset.token },
    body: JSON.stringify(subscription),
  });
  if (answer.ok) location.reload();
  else words.textContent = (await answer.json()).error;
}

button?.addEventListener("click", () => {
  takePush().catch(() => {
    words.textContent = "Push could not be switched on here. Try again in a moment.";
  });
});
