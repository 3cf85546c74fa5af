/* Keeping up with what Gradio draws, and one listener for each kind of event. */
function drawn() {
  if (!one("#log") || !one("#masthead .masthead") || !box() || !one("#current") || !list() || !panel()) return;
  if (!state.ready) begin();
  // Set only where it changes: the whole page is styled anew for it.
  if (document.documentElement.lang !== language()) document.documentElement.lang = language();
  nameWindow();
  one("[data-menu]").setAttribute("aria-expanded", String(menuOpen()));
  if (!one("#log[role]")) {
    one("#log").setAttribute("role", "log");
    // An answer is drawn anew with each of its lines: it is announced once, when it is whole.
    one("#log").setAttribute("aria-live", "off");
  }
  const views = one("#views [data-views-language]");
  // The parts come one after the other: the views count when they speak the language of the masthead.
  if (state.language !== language() && views && views.dataset.viewsLanguage === language()) translated();
  if (state.language === language()) showView();
  toldOfTrouble();
  offerLast();
}

/* The window is named after the view, where there is one beside the conversation. */
function nameWindow() {
  const { title } = one("#masthead .masthead").dataset;
  const view = viewName() === "chat" ? null : one(`#masthead [data-go="${viewName()}"]`);
  const named = view ? `${view.textContent} · ${title}` : title;
  if (document.title !== named) document.title = named;
}

/* Everything Gradio draws is there in another language: what only the page knows is put back. */
function translated() {
  const first = state.language === null;
  state.language = language();
  state.filled.clear();
  putBack();
  restoreForms();
  if (first) return;
  expanded(listOpen());
  if (listOpen()) fillList();
  drawAnew().then(openAgain);
}

// Gradio speaks of its own troubles in English, in a corner: say it in the page's words instead.
function toldOfTrouble() {
  const toast = one(".toast-body.error, .toast-body.warning");
  if (toast && !state.trouble) notify(panel().dataset.connectionLost, "problem");
  state.trouble = Boolean(toast);
}

// --- one listener for each kind of event ----------------------------------------------------

/* What a click on an element with one of these attributes does; the first that is there counts. */
const CLICKS = {
  retry: (target) => retry(Number(target.dataset.retry)),
  edit: (target) => editQuestion(Number(target.dataset.edit)),
  cancelEdit: (target) => giveUpEdit(target.closest("form")),
  export: (target) => exportExchanges([state.exchanges[Number(target.dataset.exchange) - 1]], target.dataset.export, target),
  exportAll: (target) => exportExchanges(state.exchanges, target.dataset.exportAll, target),
  link: (target) => copyLink(Number(target.dataset.exchange), target),
  print: () => {
    closeList();
    window.print();
  },
  conversations: () => (listOpen() ? closeList() : openList()),
  closeConversations: () => closeList(),
  earlier: drawEarlier,
  open: (target) => {
    const { conversation } = (target.closest("li") || target).dataset;
    closeList();
    openConversation(conversation || target.dataset.open);
  },
  rename,
  delete: deleteConversation,
  deleteAll: deleteEverything,
  evidence: (target) => showEvidence(Number(target.dataset.evidence), null, target),
  ask: (target) => ask(target.dataset.ask),
  copy,
  document: openDocument,
  back: () => {
    showCards();
    showEvidence(state.exchange, state.marker, null);
  },
  close: () => closeSheet(),
  go: (target) => goTo(target.dataset.go),
  menu: () => foldMenu(menuOpen()),
  skip: skipToContent,
  action: actButton,
  clear: clearRegion,
  rate: ({ dataset }) => {
    if (dataset.rate === "yes") rate(Number(dataset.exchange), true);
    else toggleReason(dataset.exchange, true);
  },
  reason: addReason,
  cancel: (target) => toggleReason(target.dataset.cancel, false),
  chooseLanguage: (target) => chooseLanguage(target.dataset.chooseLanguage),
  restart: () => {
    newConversation();
    if (!isPhone()) box().focus();
  },
};

function clicked(event) {
  const target = event.target.closest("a.marker, button");
  // The menu has done its work with whatever else is clicked.
  if (menuOpen() && !(target && target.matches("[data-menu]"))) foldMenu();
  if (!target) return;
  if (target.matches("a.marker")) {
    event.preventDefault();
    showEvidence(Number(target.dataset.exchange), Number(target.dataset.marker), target);
  } else if (target.id === "send") ask(box().value);
  else if (target.id === "stop") stopAnswer();
  else {
    const name = Object.keys(CLICKS).find((each) => target.dataset[each] !== undefined);
    if (name) CLICKS[name](target);
  }
}

function submitted(event) {
  const form = event.target.closest("form.reason, form.edit-question, form[data-action]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.action) actForm(form, event.submitter);
  else if (form.matches(".edit-question")) sendEdit(form);
  else {
    rate(Number(form.dataset.exchange), false, one("textarea", form).value);
    form.hidden = true;
  }
}

function pressed(event) {
  if (event.key === "Escape") {
    const editing = event.target.closest && event.target.closest(".edit-question");
    if (editing) giveUpEdit(editing);
    else if (menuOpen()) {
      foldMenu();
      one("[data-menu]").focus({ preventScroll: true });
    } else if (listOpen() && !event.target.closest("#conversations input")) closeList();
    else closeSheet();
  }
  if (event.key !== "Enter" || event.target !== box()) return;
  // While an input method is composing, Enter picks a word and must not send.
  if (event.isComposing || event.keyCode === 229) event.stopPropagation();
  else if (!event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    ask(box().value);
  }
}

function toggled(event) {
  const fold = event.target;
  if (!fold.id || !fold.matches("details")) return;
  if (fold.open) state.unfolded.add(fold.id);
  else state.unfolded.delete(fold.id);
}

// Gradio may mount its parts again while it starts: listeners hang on the document, once.
function connect(trigger) {
  state.trigger = trigger;
  if (state.connected) return;
  state.connected = true;
  const viewport = one('meta[name="viewport"]');
  if (viewport) viewport.content = "width=device-width, initial-scale=1, interactive-widget=resizes-content";
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("input", typed, true);
  document.addEventListener("change", typed, true);
  document.addEventListener("toggle", toggled, true);
  window.addEventListener("beforeunload", leaving);
  window.addEventListener("popstate", wentBack);
  window.addEventListener("storage", storageChanged);
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  observe(drawn);
  drawn();
}

// Gradio connects before it has drawn everything; this runs once all is there.
function begin() {
  state.ready = true;
  if (!isPhone() && viewName() === "chat") box().focus();
  const typedBefore = kept.get("assistant-box", window.sessionStorage);
  if (typedBefore) fillBox(typedBefore);
  const chosen = kept.get(LANGUAGE_KEY);
  if (chosen && chosen !== language()) state.trigger("select", { language: chosen });
  takeUp();
}

/* The conversation that this window showed, what was open over it, and what was asked for in the views. */
async function takeUp() {
  const linked = window.location.hash.startsWith(LINK);
  const open = kept.get(OPEN, window.sessionStorage);
  if (linked) takeLink();
  else if (open) await openConversation(open, { keepView: true });
  if (!linked) reopenOverlay();
  openAgain();
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
    attributeFilter: ["data-language", "data-views-language"],
  });
}
