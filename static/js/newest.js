// A grid wider than its sheet (`data-newest`) opens at its newest column: the one marked as current, or the last.
document.querySelectorAll("[data-newest]").forEach((box) => {
  const column = box.querySelector("thead [aria-current]") ?? box.querySelector("thead tr:last-child > :last-child");
  box.scrollLeft = column.offsetLeft + column.offsetWidth - box.clientWidth;
});
