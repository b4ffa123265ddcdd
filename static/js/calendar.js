// The calendar by keyboard. A link with data-key is followed when that key is pressed; on a session, arrow keys go to the
// next one: up and down within a day, left and right to the day beside it. Nobody who is writing is disturbed.
const SESSIONS = ".event, .more-of-day, .event-link";
const isWriting = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

const beside = (from, key) => {
  const days = [...document.querySelectorAll("[data-calendar] > *")].filter((day) => day.querySelector(SESSIONS));
  const day = days.findIndex((one) => one.contains(from));
  const here = [...days[day].querySelectorAll(SESSIONS)];
  const place = here.indexOf(from);
  if (key === "ArrowUp" || key === "ArrowDown") return here[place + (key === "ArrowUp" ? -1 : 1)];
  const there = [...(days[day + (key === "ArrowLeft" ? -1 : 1)]?.querySelectorAll(SESSIONS) ?? [])];
  return there[Math.min(place, there.length - 1)];
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const session = event.target.closest("[data-calendar] :is(.event, .more-of-day, .event-link)");
  const next = session && event.key.startsWith("Arrow") ? beside(session, event.key) : undefined;
  if (next) {
    event.preventDefault();
    next.focus();
    return;
  }
  if (session && event.key.startsWith("Arrow")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
