// A grid wider than its sheet (`data-newest`) opens at its newest column: the one marked as current, or the last. What
// stays beside the names while the rest moves (the months) learns how wide they are.
document.querySelectorAll("[data-newest]").forEach((box) => {
  const column = box.querySelector("thead [aria-current]") ?? box.querySelector("thead tr:last-child > :last-child");
  box.style.setProperty("--names", `${box.querySelector("tbody th").offsetWidth}px`);
  box.scrollLeft = column.offsetLeft + column.offsetWidth - box.clientWidth;
});
