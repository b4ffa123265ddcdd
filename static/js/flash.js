// Lets a message be put away. Without this module it goes with the next page.
document.querySelectorAll("[data-dismiss]").forEach((button) => {
  button.hidden = false;
});
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest("[data-flash]").remove();
});
