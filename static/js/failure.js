// Says so when a fragment could not be fetched or sent; a whole page says it by itself.
function say() {
  const message = document.querySelector("template[data-failure]").content.cloneNode(true);
  document.querySelector(".flash.float")?.remove();
  document.body.append(message);
}

document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
document.addEventListener("htmx:responseError", (event) => {
  // 401 opens the dialog of log-off.js; 409 and 422 bring their own answer into the page.
  if (![401, 409, 422].includes(event.detail.xhr.status)) say();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector(".flash.float")?.remove();
});
