// The service worker of the pages of a visit: offline, each of them opens the recording view of its visit. The server
// prepends VISIT: {id, pages, recording}. It caches nothing and changes no response of the server.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const PATIENCE = 20000; // ms until a page that does not arrive counts as offline
const UID = /^[0-9a-f-]{36}/;

const giveUp = () =>
  new Promise((_resolve, reject) => {
    setTimeout(reject, PATIENCE);
  });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  const [uid] = pathname.slice(VISIT.pages.length).match(UID) ?? [];
  if (request.mode !== "navigate" || request.method !== "GET" || !uid) return;
  const open = () => Response.redirect(VISIT.recording.replace(VISIT.id, uid));
  event.respondWith(Promise.race([fetch(request), giveUp()]).catch(open));
});
