// The service worker of the pages of a visit: without a network, each of them redirects to the recording view of its
// visit. The server writes VISIT before this text: {id, pages, recording}. It caches nothing and changes no response of
// the server.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const UID = /^[0-9a-f-]{36}/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  const [uid] = pathname.slice(VISIT.pages.length).match(UID) ?? [];
  if (request.mode !== "navigate" || request.method !== "GET" || !uid) return;
  const open = () => Response.redirect(VISIT.recording.replace(VISIT.id, uid));
  event.respondWith(fetch(request).catch(open));
});
