// Removes the pages that a service worker keeps for work without a network, once somebody else is signed in or the user
// signs out.
const { owner } = document.getElementById("unsent").dataset;
const [NAME, HEADER] = ["kept-pages", "Kept-For"];

export const forgetPages = () => globalThis.caches?.delete(NAME);

const forgetOthers = async () => {
  if (!(await globalThis.caches?.has(NAME))) return;
  const kept = await caches.open(NAME);
  const pages = await Promise.all((await kept.keys()).map((one) => kept.match(one)));
  if (pages.some((page) => !page?.headers.get(HEADER)?.startsWith(`${owner} `))) await forgetPages();
};

forgetOthers();
