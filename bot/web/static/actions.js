/* What readers do with an answer, and the language of the page. */
async function rate(number, useful, reason = "") {
  const exchange = state.exchanges[number - 1];
  if (!exchange) return;
  exchange.rated = useful ? "yes" : "no";
  showRating(number);
  keepExchange(exchange);
  try {
    showNotice(await call("rate", [handed(exchange), useful, reason, language(), exchange.id]));
    forgetForm(`reason:${exchange.id}`);
  } catch {
    notify(panel().dataset.connectionLost, "problem");
  }
}

function toggleReason(exchange, open) {
  const form = document.getElementById(`reason-form-${exchange}`);
  if (!form) return;
  form.hidden = !open;
  if (!open) {
    forgetForm(formKey(form));
    return;
  }
  one("textarea", form).focus({ preventScroll: true });
  const below = form.getBoundingClientRect().bottom - one("#log").getBoundingClientRect().bottom;
  if (below > 0) one("#log").scrollBy({ top: below + 16 });
}

function addReason(chip) {
  const form = chip.closest("form");
  const field = one("textarea", form);
  field.value = field.value ? `${field.value}；${chip.dataset.reason}` : chip.dataset.reason;
  field.focus();
  keepForm(form);
}

function chooseLanguage(chosen) {
  kept.set(LANGUAGE_KEY, chosen);
  carry();
  state.trigger("select", { language: chosen });
}
