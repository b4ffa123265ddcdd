// Saves what changed in a form by itself: <form data-autosave="address"> with parts <… data-part="key">, each holding a
// hidden control "key-was" that says from which version it started.
//
// The answer to a save names every sent part ("was") and says when ("saved"). What else it holds is for other modules,
// which hear of it by "kith:saved" on the form, with the sent parts and those that were not typed in since.
//
// A part is sent one second after the last key, or at once when the focus leaves it. Until the server has confirmed it,
// its words stay in the page and are sent again: without a network, while the server restarts, while the screen is
// locked. When a colleague wrote in the same part, both texts are shown and nothing is sent over theirs until somebody
// chose. Nothing is written to the browser's storage.
const IDLE = 1_000;
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 15_000;
const LONGEST_WAIT = 20_000;

const form = document.querySelector("form[data-autosave]");
if (form) start();

function start() {
  const status = form.querySelector("[data-saved]");
  const parts = [...form.querySelectorAll("[data-part]")];
  // What the server is known to have of each part; nothing yet of words that it gave back unsaved.
  const stored = new Map(parts.map((part) => [part, "unsaved" in form.dataset ? null : contentOf(part)]));
  const conflicts = new Map(); // part → the content that met a conflict
  let timer;
  let delay = FIRST_RETRY;
  let running = null;
  let leaving = false;

  const changed = () => parts.filter((part) => contentOf(part) !== stored.get(part));
  // A conflict that came with the page: its words wait for a choice like any other's.
  for (const part of parts) {
    const shown = part.querySelector("[data-conflict]");
    if (!shown) continue;
    shown.dataset.was = wasOf(part).value;
    wasOf(part).value = "";
    conflicts.set(part, contentOf(part));
  }

  const waiting = () => changed().filter((part) => conflicts.get(part) !== contentOf(part));
  const say = (words) => { status.textContent = words; };

  function plan(after) {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  // One request at a time; whatever changed meanwhile goes with the next.
  function save() {
    clearTimeout(timer);
    running ??= send().finally(() => { running = null; });
    return running;
  }

  async function send() {
    while (waiting().length) {
      const alone = waiting().find((part) => conflicts.has(part));
      const sent = new Map((alone ? [alone] : waiting()).map((part) => [part, contentOf(part)]));
      const answer = await post(sent);
      if (!answer) return false;
    }
    return changed().length === 0;
  }

  async function post(sent) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const part of sent.keys()) fieldsOf(part).forEach(([name, value]) => body.append(name, value));
    say(status.dataset.saving);
    try {
      const response = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(LONGEST_WAIT) });
      return await take(response, sent);
    } catch {
      return later(status.dataset.failed);
    }
  }

  async function take(response, sent) {
    // A locked screen, or a session that is over: the dialogs of log-off.js ask for the password.
    if (response.status === 401 || response.type === "opaqueredirect") {
      document.dispatchEvent(new CustomEvent("kith:locked"));
      return later(status.dataset.signedOut);
    }
    if (![200, 409, 422].includes(response.status)) {
      if (response.status === 403) document.dispatchEvent(new CustomEvent("kith:locked")); // brings a new token
      return later(status.dataset.failed);
    }
    const answer = await response.json();
    delay = FIRST_RETRY;
    if (response.ok) return confirm(answer, sent);
    if (answer.conflicts) return clash(answer.conflicts, sent);
    say(answer.sentence); // it cannot be stored as it is; the next change is another try
    sent.forEach((content, part) => conflicts.set(part, content));
    return true;
  }

  function confirm(answer, sent) {
    sent.forEach((content, part) => {
      stored.set(part, content);
      conflicts.delete(part);
      part.querySelector("[data-conflict]")?.remove();
      wasOf(part).value = answer.was[part.dataset.part];
    });
    say(answer.saved);
    const unchanged = [...sent].filter(([part, content]) => contentOf(part) === content).map(([part]) => part);
    form.dispatchEvent(new CustomEvent("kith:saved", { detail: { answer, parts: [...sent.keys()], unchanged } }));
    return true;
  }

  function clash(found, sent) {
    found.forEach(({ key, was, html }) => {
      const part = parts.find((one) => one.dataset.part === key);
      conflicts.set(part, sent.get(part));
      part.querySelector("[data-conflict]")?.remove();
      const place = part.querySelector(".words, .note-fields") ?? part;
      place.insertAdjacentHTML(place.matches(".note-fields") ? "afterbegin" : "beforeend", html);
      part.querySelector("[data-conflict]").dataset.was = was;
    });
    say(status.dataset.conflictSaid);
    return true;
  }

  function later(words) {
    say(words);
    plan(delay);
    delay = Math.min(delay * 2, LONGEST_RETRY);
    return false;
  }

  // The choice between two texts. Whoever wrote on meanwhile meets the conflict anew, with the newest words of both.
  async function settle(button) {
    const part = button.closest("[data-part]");
    const shown = button.closest("[data-conflict]");
    if (conflicts.get(part) !== contentOf(part)) {
      await save();
      const again = part.querySelector(`[data-settle][value="${button.value}"]`);
      return again && conflicts.get(part) === contentOf(part) ? settle(again) : undefined;
    }
    wasOf(part).value = shown.dataset.was ?? wasOf(part).value;
    for (const [name, words] of Object.entries(JSON.parse(button.dataset.settle))) form.elements[name].value = words;
    shown.remove();
    conflicts.delete(part);
    stored.set(part, null);
    return save();
  }

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-part]")) plan(event.target.type === "radio" || event.target.type === "checkbox" ? 0 : IDLE);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.closest("[data-part]") && waiting().length) save();
  });
  addEventListener("online", () => waiting().length && save());
  document.addEventListener("kith:unlocked", () => { delay = FIRST_RETRY; if (waiting().length) save(); });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.settle) {
      event.preventDefault();
      settle(button);
    }
  });

  // Sending the whole page leaves it, so it waits until every word is with the server.
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    const { submitter } = event;
    const isSafe = (await save()) || changed().every((part) => conflicts.has(part));
    if (!isSafe) return;
    leaving = true;
    // Not before this event is over: while it is under way, the browser ignores another one.
    setTimeout(() => form.requestSubmit(submitter));
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && (changed().length || isHandWritten())) event.preventDefault();
  });

  // Lines that are sent by a button of their own.
  function isHandWritten() {
    return [...form.querySelectorAll("[data-by-hand] :is(input, select)")].some((control) => control.value !== control.defaultValue && control.value !== "");
  }

  if (waiting().length) plan(IDLE);
}

function fieldsOf(part) {
  const controls = [...part.querySelectorAll("input, textarea, select")].filter((control) => control.name);
  return controls
    .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
    .map((control) => [control.name, control.value]);
}

function contentOf(part) {
  const was = `${part.dataset.part}-was`;
  return JSON.stringify(fieldsOf(part).filter(([name]) => name !== was));
}

function wasOf(part) {
  return part.querySelector(`input[name="${part.dataset.part}-was"]`);
}
