// Warns before the screen locks, hides it while it is locked, and takes the password in place, so that nothing typed is
// lost. The server decides: this asks it how long is left. Other modules may say that they met a locked screen by
// dispatching "kith:locked" on document; "kith:unlocked" tells them to try again.
const parts = document.querySelector("template[data-log-off]");
const WARNING = 300_000;
const LONGEST_WAIT = 60_000; // a computer that slept finds out at the next tick

if (parts) start();

function start() {
  document.body.append(parts.content.cloneNode(true));
  const warning = document.querySelector("dialog[data-warning]");
  const lock = document.querySelector("dialog[data-lock]");
  const over = document.querySelector("dialog[data-over]");
  const { who } = parts.dataset;
  let deadline = Date.now() + parts.dataset.seconds * 1000;
  let timer;

  function schedule() {
    clearTimeout(timer);
    const left = deadline - Date.now();
    timer = setTimeout(look, Math.max(1_000, Math.min(LONGEST_WAIT, left > WARNING ? left - WARNING : left)));
  }

  // Other tabs and saved drafts count as use, so the server is asked before anything is shown.
  async function look() {
    if (deadline - Date.now() > WARNING) return schedule();
    return askAnew();
  }

  async function askAnew() {
    try {
      take(await ask(parts.dataset.session));
    } catch {
      if (Date.now() > deadline) show(lock); // out of reach: hide what is on the screen all the same
      schedule();
    }
  }

  function take(state) {
    if (state.state === "over") return show(over);
    if (state.who !== who) return location.reload(); // somebody else signed in at this browser
    renewTokens(state.csrf);
    if (state.state === "locked") return show(lock);
    deadline = Date.now() + state.seconds * 1000;
    hide();
    if (deadline - Date.now() <= WARNING) warn();
    schedule();
  }

  function warn() {
    const when = new Date(deadline).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
    warning.querySelector("[data-when]").textContent = when;
    if (!warning.open) warning.showModal();
  }

  function show(dialog) {
    clearTimeout(timer);
    document.documentElement.dataset.locked = "";
    if (dialog.open) return;
    [warning, lock, over].forEach((other) => other.close());
    dialog.showModal();
  }

  function hide() {
    const wasLocked = "locked" in document.documentElement.dataset;
    delete document.documentElement.dataset.locked;
    [warning, lock, over].forEach((dialog) => dialog.close());
    if (wasLocked) document.dispatchEvent(new CustomEvent("kith:unlocked"));
  }

  // Escape closes a dialog; a locked screen stays locked.
  [lock, over].forEach((dialog) => {
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
  });

  warning.querySelector("[data-stay]").addEventListener("click", async () => {
    try {
      take(await ask(parts.dataset.stay, new FormData()));
    } catch {
      schedule();
    }
  });

  lock.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const problem = form.querySelector("[data-problem]");
    try {
      const state = await ask(parts.dataset.unlock, new FormData(form));
      problem.hidden = !state.error;
      problem.textContent = state.error ?? "";
      form.reset();
      if (state.error) form.elements.password.focus();
      else take(state);
    } catch {
      problem.hidden = false;
      problem.textContent = document.querySelector("template[data-failure]").content.textContent.trim();
    }
  });

  over.querySelector("[data-back]").addEventListener("click", async () => {
    const state = await ask(parts.dataset.session);
    over.querySelector("[data-problem]").hidden = state.state !== "over";
    take(state);
  });

  // A form sent after the time was up would meet the locked screen: ask first, then send it.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.closest("dialog[data-lock]") || Date.now() < deadline) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.addEventListener("kith:unlocked", () => form.requestSubmit(event.submitter), { once: true });
    document.documentElement.dataset.locked = "";
    askAnew();
  }, { capture: true });

  document.addEventListener("kith:locked", askAnew);
  document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status === 401 && askAnew());
  document.addEventListener("visibilitychange", () => document.hidden || look());
  schedule();
}

async function ask(address, body) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const response = await fetch(address, {
    method: body ? "POST" : "GET",
    body,
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
  if (!response.ok && response.status !== 422) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

// After somebody signed in anew in another tab, the forms of this page carry tokens of the old session.
function renewTokens(token) {
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
    input.value = token;
  });
}
