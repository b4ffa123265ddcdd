// Puts a sentence of one's own where one was writing: <button data-snippets="address" popovertarget="…">.
const opener = document.querySelector("[data-snippets]");
if (opener) start();

function start() {
  const menu = document.getElementById(opener.getAttribute("popovertarget"));
  let field = null;
  opener.hidden = false;

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("form[data-autosave] textarea")) field = event.target;
  });
  // Fetched when it is asked for: most pages are written without one.
  menu.addEventListener("beforetoggle", async (event) => {
    if (event.newState !== "open" || menu.childElementCount) return;
    const response = await fetch(opener.dataset.snippets);
    if (response.ok && !response.redirected) menu.innerHTML = await response.text();
  });
  menu.addEventListener("click", (event) => {
    const snippet = event.target.closest("[data-snippet]");
    if (!snippet) return;
    const target = field ?? document.querySelector("form[data-autosave] textarea");
    menu.hidePopover();
    target.focus();
    const { selectionStart: at, value } = target;
    const space = at > 0 && !/\s/.test(value[at - 1]) ? " " : "";
    target.setRangeText(space + snippet.dataset.snippet, at, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
