/* Keeping up with what Gradio draws, and one listener for each kind of event. */
function drawn() {
  if (!one("#log") || !one("#masthead .masthead") || !box()) return;
  if (!state.ready) begin();
  document.documentElement.lang = language();
  one("#log").setAttribute("role", "log");
  if (state.language !== language()) {
    state.language = language();
    state.filled.clear();
    translated();
  }
  showView();
  toldOfTrouble();
  const exchanges = all("#log .exchange");
  const newest = exchanges.at(-1);
  document.body.classList.toggle("conversing", Boolean(newest));
  document.body.classList.toggle("busy", Boolean(one("#log [data-busy]")));
  all("#log details").forEach((fold) => {
    if (state.unfolded.has(fold.id)) fold.open = true;
  });
  showRatings();
  if (!newest) {
    if (state.exchange !== null || one("#evidence .has-cards")) clearPanel();
    if (state.newest) one("#log").scrollTo({ top: 0 });
    state.newest = 0;
    return;
  }
  follow(newest);
  markActive();
}

// Gradio speaks of its own troubles in English, in a corner: say it in the page's words instead.
function toldOfTrouble() {
  const toast = one(".toast-body.error, .toast-body.warning");
  if (toast && !state.trouble) notify(panel().dataset.connectionLost, "problem");
  state.trouble = Boolean(toast);
}

function follow(newest) {
  const number = Number(newest.dataset.exchange);
  const busy = newest.hasAttribute("data-busy");
  if (number !== state.newest) {
    closeSheet();
    state.newest = number;
    state.newestBusy = true;
    scrollLogTo(newest);
  }
  if (state.newestBusy && !busy) {
    state.newestBusy = false;
    showCards();
    fillPanel(number);
    state.marker = null;
    panel().scrollTo({ top: 0 });
  }
  // The panel's own HTML is drawn anew when the language changes.
  if (state.exchange !== null && !one("#evidence .panel-cards > *")) fillPanel(state.exchange);
}

// Only the log scrolls: scrollIntoView would move the frame around it as well.
function scrollLogTo(target) {
  const log = one("#log");
  const top = target.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
  log.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
}

function clearPanel() {
  showCards();
  one("#evidence .panel-cards").replaceChildren();
  one("#evidence .panel-question").hidden = true;
  panel().classList.remove("has-cards");
  state.exchange = state.marker = null;
}

function translated() {
  const shown = state.exchange;
  if (shown !== null) fillPanel(shown);
  markActive();
}

// --- one listener for each kind of event ----------------------------------------------------

function clicked(event) {
  const target = event.target.closest("a.marker, button");
  if (!target) return;
  const { dataset } = target;
  if (target.matches("a.marker")) {
    event.preventDefault();
    showEvidence(Number(dataset.exchange), Number(dataset.marker), target);
  } else if (dataset.evidence) showEvidence(Number(dataset.evidence), null, target);
  else if (dataset.ask) ask(dataset.ask);
  else if (dataset.copy) copy(target);
  else if (dataset.document) openDocument(target);
  else if (dataset.back !== undefined) {
    showCards();
    showEvidence(state.exchange, state.marker, null);
  } else if (dataset.close !== undefined) closeSheet();
  else if (dataset.go) goTo(dataset.go);
  else if (dataset.action) actButton(target);
  else if (dataset.clear !== undefined) clearRegion(target);
  else if (dataset.rate === "yes") rate(Number(dataset.exchange), true);
  else if (dataset.rate === "no") toggleReason(dataset.exchange, true);
  else if (dataset.reason) addReason(target);
  else if (dataset.cancel) toggleReason(dataset.cancel, false);
  else if (dataset.chooseLanguage) chooseLanguage(dataset.chooseLanguage);
  else if (dataset.restart !== undefined) restart();
}

function addReason(chip) {
  const field = one("textarea", chip.closest("form"));
  field.value = field.value ? `${field.value}；${chip.dataset.reason}` : chip.dataset.reason;
  field.focus();
}

function submitted(event) {
  const form = event.target.closest("form.reason, form[data-action]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.action) {
    actForm(form, event.submitter);
    return;
  }
  rate(Number(form.dataset.exchange), false, one("textarea", form).value);
  form.hidden = true;
}

function pressed(event) {
  if (event.key === "Escape") closeSheet();
  // While an input method is composing, Enter picks a word and must not send.
  if (event.key === "Enter" && event.isComposing) event.stopPropagation();
}

function toggled(event) {
  const fold = event.target;
  if (!fold.id || !fold.matches("details")) return;
  if (fold.open) state.unfolded.add(fold.id);
  else state.unfolded.delete(fold.id);
}

// Gradio may mount its parts again while it starts: listeners hang on the document, once.
function connect(trigger, server) {
  state.trigger = trigger;
  state.server = server;
  if (state.connected) return;
  state.connected = true;
  const viewport = one('meta[name="viewport"]');
  if (viewport) viewport.content = "width=device-width, initial-scale=1, interactive-widget=resizes-content";
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("input", typed, true);
  window.addEventListener("beforeunload", leaving);
  document.addEventListener("toggle", toggled, true);
  window.addEventListener("hashchange", showView);
  window.addEventListener("popstate", () => closeSheet(true));
  observe(drawn);
  drawn();
}

// Gradio connects before it has drawn everything; this runs once all is there.
function begin() {
  state.ready = true;
  if (!isPhone() && viewName() === "chat") box().focus();
  restoreLanguage();
}

function observe(callback) {
  let planned = false;
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    window.setTimeout(() => {
      planned = false;
      callback();
    }, 0);
  }).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-busy", "data-language", "data-exchange"],
  });
}

function restoreLanguage() {
  let chosen = null;
  try {
    chosen = window.localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return;
  }
  if (chosen && chosen !== language()) state.trigger("select", { language: chosen });
}
