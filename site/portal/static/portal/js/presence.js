// Shows which colleagues have this page open. Asks the server when the page is shown, and then every half minute.
const EVERY = 30000; // ms; the server forgets a page that stops asking
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
    /* without a connection the line is not updated */
  }
};

ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
