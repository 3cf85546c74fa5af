/* What readers do: rate, ask, choose a language, start anew. */
function rate(exchange, useful, reason = "") {
  state.rated.set(exchange, useful ? "yes" : "no");
  showRatings();
  state.trigger("like", { exchange, useful, reason });
}

function showRatings() {
  all("#log [data-rate]").forEach((button) => {
    const verdict = state.rated.get(Number(button.dataset.exchange));
    button.setAttribute("aria-pressed", String(verdict === button.dataset.rate));
  });
}

function toggleReason(exchange, open) {
  const form = document.getElementById(`reason-form-${exchange}`);
  if (!form) return;
  form.hidden = !open;
  if (open) {
    one("textarea", form).focus({ preventScroll: true });
    const below = form.getBoundingClientRect().bottom - one("#log").getBoundingClientRect().bottom;
    if (below > 0) one("#log").scrollBy({ top: below + 16 });
  }
}

// --- asking, language, new conversation -----------------------------------------------------

function ask(question) {
  goTo("chat");
  state.trigger("submit", { question });
}

const language = () => (one("#masthead .masthead") || document.documentElement).dataset.language || "zh-CN";

function chooseLanguage(chosen) {
  if (somethingToLose() && !window.confirm(one("#masthead .languages").dataset.losing)) return;
  try {
    window.localStorage.setItem(LANGUAGE_KEY, chosen);
  } catch {
    /* private windows may refuse; the choice then lasts as long as the page */
  }
  state.trigger("select", { language: chosen });
}

function restart() {
  closeSheet();
  state.exchange = state.marker = null;
  state.unfolded.clear();
  state.rated.clear();
  state.trigger("clear", {});
}
