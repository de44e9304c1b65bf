// The background part of web push: shows a notice, and opens it on a tap.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const shown = { body: told.body, tag: told.tag, renotify: true, data: { url: told.url }, icon: "/static/favicon.svg" };
  event.waitUntil(self.registration.showNotification(told.title || "Hallway", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data?.url || "/inbox"));
});
