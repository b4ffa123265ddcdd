// Counts a time that runs out ([data-countdown], the seconds left when the page was made) in whole minutes, and when it
// is over says so in place of its content ([data-over]). What may be looked at only until then ([data-while-open]) goes
// with it. The server decides for itself; without this module the page says until when.
document.querySelectorAll("[data-countdown]").forEach((box) => {
  const left = box.querySelector("[data-left]");
  const end = Date.now() + box.dataset.countdown * 1000;
  const ticking = setInterval(tick, 1_000);
  document.addEventListener("visibilitychange", tick);
  tick();

  function tick() {
    const minutes = Math.ceil((end - Date.now()) / 60_000);
    if (minutes > 0) {
      const words = minutes === 1 ? left.dataset.one : left.dataset.many.replace("#", minutes);
      if (left.textContent !== words) left.textContent = words;
      return;
    }
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", tick);
    box.replaceChildren(box.querySelector("[data-over]").content.cloneNode(true));
    document.querySelectorAll("[data-while-open]").forEach((part) => part.remove());
  }
});
