// Shows which other people of the hotline have this page open: asks the server when the page opens and every half
// minute.
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
    /* offline: the line stays as it is */
  }
};

ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
