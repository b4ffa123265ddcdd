// Brings the summary of a form's errors to the person: focus it as soon as the page or a fragment shows one.
function focusProblems(root) {
  root.querySelector("[data-problems]")?.focus();
}

focusProblems(document);
document.addEventListener("htmx:afterSettle", (event) => focusProblems(event.target));
