// The service worker of the recording view: caches its page, scripts and styles, and serves them offline. The server
// prepends KEPT: {version, shell, files, static}. It caches no data of a visit.
const NAME = `recording-${KEPT.version}`;

const PATIENCE = 60000; // ms until a file that does not arrive counts as not loaded

const fetchFresh = (address) => new Request(address, { cache: "reload", signal: AbortSignal.timeout(PATIENCE) });

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((kept) => kept.addAll([KEPT.shell, ...KEPT.files].map(fetchFresh)))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith("recording-") && name !== NAME).map((n) => caches.delete(n)),
    );
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

const findKept = async (address) => (await caches.open(NAME)).match(address, { ignoreVary: true });

/** Respond with a static file from the cache, or else from the network, and cache it. */
const answerStatic = async (request) => {
  const found = await findKept(request.url);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(NAME)).put(request.url, response.clone());
  return response;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(findKept(KEPT.shell).then((found) => found ?? fetch(request)));
  else if (address.pathname.startsWith(KEPT.static)) event.respondWith(answerStatic(request));
});

// Caches files that the page had loaded before this worker was active, such as fonts.
self.addEventListener("message", (event) => {
  const addresses = event.data?.keep ?? [];
  const keep = async () => {
    for (const address of addresses) if (!(await findKept(address))) await (await caches.open(NAME)).add(address);
  };
  event.waitUntil(keep().catch(() => {}));
});
