// Sends a filter form as soon as a choice changes: <form data-autosubmit>. Its button is for those without JavaScript.
document.querySelectorAll("form[data-autosubmit]").forEach((form) => {
  form.dataset.autosubmitOn = "";
});
document.addEventListener("change", (event) => {
  if (event.target.matches("select, input:is([type=checkbox], [type=radio])")) {
    event.target.closest("form[data-autosubmit]")?.requestSubmit();
  }
});
