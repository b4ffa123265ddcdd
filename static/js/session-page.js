// Keeps a session's page true to what autosave stored: what is missing, how many came, and the names that were found,
// marked in the words they stand in (a layer over the control, see css/pages/session.css) and listed below them. Adds the
// keys that lead from text to text.
const form = document.querySelector("form[data-autosave]");
if (form) start();

function start() {
  const gaps = form.querySelector("[data-gaps]");
  const counts = form.querySelector("[data-counts]");

  form.addEventListener("kith:saved", ({ detail: { answer, parts, unchanged } }) => {
    gaps.replaceChildren(...answer.gaps.map(tag));
    if (answer.counts) counts.textContent = answer.counts;
    const isWritten = (part) => part.dataset.part in answer.names; // in the others nobody touched a word
    for (const part of parts.filter(isWritten)) {
      const names = part.querySelector("[data-names]");
      if (names) names.innerHTML = answer.names[part.dataset.part];
    }
    for (const part of unchanged.filter(isWritten)) {
      part.querySelectorAll(".marked > textarea").forEach((control) => mark(control, answer.marks[control.name]));
    }
  });

  // Marks stand where they were found; whoever types on moves the words away below them.
  form.addEventListener("input", ({ target }) => {
    const marks = target.parentElement.querySelector(".marks");
    if (marks) marks.hidden = marks.textContent.trim() !== target.value.trim();
  });

  // From text to text, past the chips between them: a session is written without a mouse.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const way = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
    const texts = [...form.querySelectorAll("textarea")].filter((text) => text.checkVisibility() && event.target.compareDocumentPosition(text) & way);
    texts.at(event.shiftKey ? -1 : 0)?.focus();
  });
  form.querySelector("[data-keys]").hidden = false;

  // Everybody who gave no notice came; once more takes it back.
  const everybody = form.querySelector("[data-everybody]");
  const words = everybody.textContent;
  let before = null;
  everybody.addEventListener("click", (event) => {
    event.preventDefault();
    const lines = [...form.querySelectorAll("[role=radiogroup]:not([data-notice])")];
    const now = lines.map((line) => line.querySelector("input[type=radio]:checked")?.value);
    lines.forEach((line, index) => {
      const radio = line.querySelector(`input[type=radio][value="${before?.[index] ?? "present"}"]`);
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
    });
    before = before ? null : now;
    everybody.textContent = before ? everybody.dataset.undo : words;
  });
}

function tag(words) {
  return Object.assign(document.createElement("span"), { className: "tag clay", textContent: words });
}

// The server strips what it stores, and counted from there.
function mark(control, html) {
  control.parentElement.querySelector(".marks")?.remove();
  if (!html) return;
  control.insertAdjacentHTML("afterend", html);
  control.nextElementSibling.prepend(control.value.slice(0, control.value.length - control.value.trimStart().length));
}
