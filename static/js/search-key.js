// "/" jumps to the search field, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = [...document.querySelectorAll("[data-search]")].find((candidate) => candidate.checkVisibility());
  if (field) {
    event.preventDefault();
    field.select();
  }
});
