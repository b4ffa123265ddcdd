// Puts a sentence of one's own where one was writing: <button data-snippets="address" popovertarget="…">. Ctrl and the
// full stop open the menu from the words, arrows go through it, and whatever is chosen or not, one goes on writing there.
const opener = document.querySelector("[data-snippets]");
if (opener) start();

function start() {
  const menu = document.getElementById(opener.getAttribute("popovertarget"));
  const fields = "form[data-autosave] textarea";
  let field = null;
  opener.hidden = false;

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(fields)) field = target;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "." || !(event.ctrlKey || event.metaKey) || !event.target.matches(fields)) return;
    event.preventDefault();
    menu.showPopover();
  });

  menu.addEventListener("toggle", async ({ newState }) => {
    if (newState === "closed") return menu.contains(document.activeElement) || document.activeElement === document.body ? field?.focus() : undefined;
    await fill();
    items()[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = items();
    all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
  });
  menu.addEventListener("click", (event) => {
    const snippet = event.target.closest("[data-snippet]");
    if (!snippet) return;
    const target = field ?? document.querySelector(fields);
    field = target;
    menu.hidePopover();
    target.focus();
    const { selectionStart: at, value } = target;
    const space = at > 0 && !/\s/.test(value[at - 1]) ? " " : "";
    target.setRangeText(space + snippet.dataset.snippet, at, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const items = () => [...menu.querySelectorAll("button, a")];

  // Fetched when it is asked for: most pages are written without one. Out of reach, the next opening tries again.
  async function fill() {
    if (menu.querySelector("a")) return;
    try {
      const response = await fetch(opener.dataset.snippets, { redirect: "manual" });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      menu.innerHTML = await response.text();
    } catch {
      menu.textContent = opener.dataset.failed;
    }
  }
}
