// Says who else of the hotline has this page open: asked when the page is shown, and every half minute while it is.
const EVERY = 30000; // ms; the server forgets a page that has not asked for a while
const place = document.querySelector("[data-presence]");

const ask = async () => {
  if (document.hidden) return;
  try {
    const response = await fetch(place.dataset.presence, {
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
    if (!response.ok) return;
    const { sentence } = await response.json();
    if (place.textContent !== sentence) place.textContent = sentence;
  } catch {
    /* without a connection the line stays as it is */
  }
};

ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
