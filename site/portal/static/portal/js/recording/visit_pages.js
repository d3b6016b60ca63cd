// The service worker of the workspace on a device that records. Offline, each page of a visit opens the recording view
// of its visit, and Today and the list of visits open as they were last loaded. The server prepends VISIT: {id, pages,
// recording, kept, cache, header}. It keeps the pages of one person, for as long as that person is signed in.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const PATIENCE = 20000; // ms until a page that does not arrive counts as offline
const UID = /^[0-9a-f-]{36}/;

const giveUp = () =>
  new Promise((_resolve, reject) => {
    setTimeout(reject, PATIENCE);
  });

/** Return whom a response is for, and until when it may be kept: {person, until}; null if it is not to be kept. */
const ownerOf = (response) => {
  const [person, until] = (response.headers.get(VISIT.header) ?? "").split(" ");
  return response.ok && !response.redirected && until ? { person, until: Number(until) } : null;
};

/** Keep a page instead of its last copy; remove everything if it is not to be kept or is of another person. */
const keep = async (address, response) => {
  const owner = ownerOf(response);
  const kept = await caches.open(VISIT.cache);
  const others = (await Promise.all((await kept.keys()).map((one) => kept.match(one)))).map(ownerOf);
  if (!owner || others.some((other) => other?.person !== owner.person)) await caches.delete(VISIT.cache);
  if (owner) await (await caches.open(VISIT.cache)).put(address, response);
};

/** Return the kept copy with the line that says from when it is, or an error as without this worker. */
const openKept = async (address) => {
  const found = await (await caches.open(VISIT.cache)).match(address);
  if (!found || ownerOf(found)?.until < Date.now()) {
    await caches.delete(VISIT.cache);
    return Response.error();
  }
  const at = new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeStyle: "short" });
  const page = (await found.text())
    .replace('id="kept-copy" hidden', 'id="kept-copy"')
    .replace("{at}", at.format(new Date(found.headers.get("Date"))));
  return new Response(page, { headers: found.headers });
};

const answerKept = async (request, address) => {
  try {
    const response = await Promise.race([fetch(request), giveUp()]);
    if (response.type !== "opaqueredirect")
      await keep(address, response.clone()).catch(() => {}); // e.g. a full device
    else await caches.delete(VISIT.cache); // signed out
    return response;
  } catch {
    return openKept(address);
  }
};

/** Return a style sheet or script from the network, or from the files of the recording view. */
const answerStatic = (request) =>
  fetch(request).catch(async () => (await caches.match(request.url)) ?? Response.error());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (pathname.startsWith(VISIT.static)) event.respondWith(answerStatic(request));
    return;
  }
  if (VISIT.kept.includes(pathname)) {
    if (!search) event.respondWith(answerKept(request, pathname));
    return;
  }
  const [uid] = pathname.startsWith(VISIT.pages) ? (pathname.slice(VISIT.pages.length).match(UID) ?? []) : [];
  if (!uid) return;
  const open = () => Response.redirect(VISIT.recording.replace(VISIT.id, uid));
  event.respondWith(Promise.race([fetch(request), giveUp()]).catch(open));
});
