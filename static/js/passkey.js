// Signs in, confirms or adds with a passkey.
//   <form data-passkey="get">      asks for a known key; options from the address in `data-options-from`,
//                                  or from the page's JSON in the element whose id is in `data-options`
//   <form data-passkey="create">   makes a new one
// A form that is `hidden` shows itself where the browser knows passkeys.
const knowsPasskeys = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!knowsPasskeys) {
    form.querySelector("[data-passkey-unknown]")?.removeAttribute("hidden");
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      const options = await readOptions(form);
      const credential = form.dataset.passkey === "create" ? await create(form, options) : await get(options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      problem.hidden = false;
      problem.focus();
    }
  });
});

async function readOptions(form) {
  if (form.dataset.options) {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const response = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

function get({ request_options: { publicKey } }) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function create(form, { creation_options: { publicKey } }) {
  const alone = form.elements.passwordless?.checked ?? true;
  const authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON({ ...publicKey, authenticatorSelection }),
  });
}
