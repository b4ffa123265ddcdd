// Saves what is written after a second without a key and when the field is left, and says so: <form data-keep-words>.
// Whatever happens, the words stay in the page and are tried again; nothing is put into the browser's storage.
const IDLE_MS = 1000;
const AGAIN_MS = 5000;

document.querySelectorAll("form[data-keep-words]").forEach((form) => {
  const field = form.elements.text;
  const says = form.querySelector("[data-saved]");
  let kept = field.value;
  let timer = 0;
  let busy = false;
  let clashed = false;

  async function keep() {
    clearTimeout(timer);
    if (busy || clashed || field.value === kept) return;
    busy = true;
    says.textContent = says.dataset.saving;
    const words = field.value;
    let wait = IDLE_MS;
    try {
      const response = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(20_000),
      });
      // A locked screen, or a session that is over: the dialogs of log-off.js ask for the password.
      if ([401, 403].includes(response.status) || response.type === "opaqueredirect") document.dispatchEvent(new CustomEvent("kith:locked"));
      if (response.status === 409) {
        clashed = true;
        says.textContent = says.dataset.clash;
      } else if (response.ok && response.headers.get("Content-Type")?.startsWith("text/plain")) {
        form.elements.version.value = await response.text();
        kept = words;
        says.textContent = says.dataset.said;
      } else {
        throw new Error(`The server answered ${response.status}.`);
      }
    } catch {
      says.textContent = says.dataset.lost;
      wait = AGAIN_MS;
    }
    busy = false;
    if (field.value !== kept && !clashed) timer = setTimeout(keep, wait);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, IDLE_MS);
  });
  field.addEventListener("blur", keep);
  document.addEventListener("kith:unlocked", keep);
  form.addEventListener("submit", () => {
    kept = field.value;
    clearTimeout(timer);
  });
  addEventListener("beforeunload", (event) => {
    if (field.value !== kept) event.preventDefault();
  });
});
