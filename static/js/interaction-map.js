// Tap two seats of the ring to record that one spoke to the other; or press their letters, the ring being focused.
// Numbers choose how they spoke, U takes the last one back, Escape forgets the first seat. The form does the rest.
let first = null;

const form = () => document.querySelector("form[data-talk]");

function show() {
  const hint = form()?.querySelector("[data-hint]");
  if (!hint) return;
  hint.closest("[data-hints]").hidden = false;
  hint.textContent = first ? form().dataset.second.replace("{name}", first.dataset.name) : form().dataset.first;
  document.querySelectorAll("[data-seat]").forEach((seat) => seat.classList.toggle("chosen", seat === first));
}

function choose(seat) {
  const { source, target } = form().elements;
  const mayStart = [...source.options].some((option) => option.value === seat.dataset.seat);
  if (!first) {
    if (mayStart) first = seat;
  } else if (seat === first) {
    first = null;
  } else {
    source.value = first.dataset.seat;
    target.value = seat.dataset.seat;
    first = null;
    form().requestSubmit();
  }
  show();
}

document.addEventListener("click", (event) => {
  const seat = event.target.closest("[data-ring] [data-seat]");
  if (seat) choose(seat);
});

document.addEventListener("keydown", (event) => {
  const ring = event.target.closest("[data-ring]");
  if (!ring || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const seat = ring.querySelector(`[data-seat][data-letter="${CSS.escape(key)}"]`);
  const kind = /^[1-9]$/.test(key) && form().querySelectorAll("input[name=kind]")[Number(key) - 1];
  if (seat) choose(seat);
  else if (kind) kind.checked = true;
  else if (key === "u") document.querySelector("form[data-undo]")?.requestSubmit();
  else if (key === "escape") {
    first = null;
    show();
  } else return;
  event.preventDefault();
});

// The fragment that comes back is new: the ring keeps the focus, so that the next letter is heard.
let hadFocus = false;
function noteFocus() {
  hadFocus ||= Boolean(document.activeElement?.closest("[data-ring], form[data-talk], form[data-undo]"));
}
document.addEventListener("htmx:beforeRequest", noteFocus);
document.addEventListener("htmx:beforeSwap", noteFocus);
document.addEventListener("htmx:afterSwap", () => {
  first = null;
  show();
});
// htmx gives a focus back by itself while it settles; only then is it ours to give.
document.addEventListener("htmx:afterSettle", () => {
  if (hadFocus) document.querySelector("[data-ring]")?.focus({ preventScroll: true });
  hadFocus = false;
});

show();
