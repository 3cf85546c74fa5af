/* The chat page's script: evidence panel, copying, ratings, waiting. No library, nothing fetched
   but what the page's own server gives. Gradio morphs its HTML in place, so state that only the
   browser knows (unfolded lists, pressed buttons, the open card) is kept here and put back. */
window.assistantPage = (() => {
  "use strict";

  const PHONE = "(max-width: 768px)";
  const LANGUAGE_KEY = "assistant-language";

  const state = {
    trigger: () => {},
    server: {},
    exchange: null, // whose evidence the panel shows
    marker: null, // which card is marked
    newest: 0, // number of the newest exchange seen
    newestBusy: false,
    unfolded: new Set(), // ids of open <details>
    rated: new Map(), // exchange number -> "yes" | "no"
    connected: false,
    ready: false, // the page has been drawn once
    language: null, // of the frame, as last seen
    returnFocus: null, // where focus goes when the sheet closes
  };

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const isPhone = () => window.matchMedia(PHONE).matches;
  const panel = () => one("#evidence .panel");
  const box = () => one("#question textarea");

  // --- the evidence panel -------------------------------------------------------------------

  function fillPanel(exchange) {
    const cards = one("#evidence .panel-cards");
    if (!cards) return;
    const store = one(`[data-store="${exchange}"]`);
    cards.replaceChildren(...(store ? Array.from(store.children, shownCard) : []));
    if (store && !store.children.length) {
      const none = document.createElement("p");
      none.className = "hint";
      none.textContent = cards.dataset.none;
      cards.append(none);
    }
    panel().classList.toggle("has-cards", Boolean(store));
    state.exchange = store ? exchange : null;
  }

  function shownCard(stored) {
    const card = stored.cloneNode(true);
    card.id = stored.dataset.card;
    return card;
  }

  function showEvidence(exchange, marker, opener) {
    showCards();
    if (state.exchange !== exchange) fillPanel(exchange);
    state.marker = marker;
    markActive();
    openSheet(opener);
    const card = marker && one(`#evidence .panel-cards [id="evidence-${exchange}-${marker}"]`);
    if (!card) {
      one("#evidence .panel").scrollTo({ top: 0 });
      return;
    }
    scrollPanelTo(card, "start");
    const mark = one("mark", card);
    if (mark && mark.getBoundingClientRect().bottom > panel().getBoundingClientRect().bottom) {
      scrollPanelTo(mark, "center");
    }
    card.focus({ preventScroll: true });
  }

  function scrollPanelTo(target, where) {
    const frame = panel();
    const head = one(".panel-head", frame).offsetHeight;
    const top = target.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
    const offset = where === "center" ? frame.clientHeight / 3 : head + 8;
    frame.scrollTo({ top: Math.max(0, top - offset), behavior: calm() ? "auto" : "smooth" });
  }

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function markActive() {
    const { exchange, marker } = state;
    all("#log .marker").forEach((link) => {
      const active = Number(link.dataset.exchange) === exchange && Number(link.dataset.marker) === marker;
      link.classList.toggle("active", active);
    });
    all("#evidence .evidence-card").forEach((card) => {
      card.classList.toggle("active", card.id === `evidence-${exchange}-${marker}`);
    });
  }

  function showCards() {
    const reader = one("#evidence .panel-document");
    if (!reader || reader.hidden) return;
    reader.hidden = true;
    reader.replaceChildren();
    nameHeading(null);
    one("#evidence .panel-cards").hidden = false;
    one("#evidence [data-back]").hidden = true;
    panel().classList.remove("reading");
  }

  function nameHeading(title) {
    const heading = one("#evidence-heading");
    heading.textContent = title ? title.textContent : heading.dataset.label;
  }

  async function openDocument(button) {
    const reader = one("#evidence .panel-document");
    const { document: id, start, end } = button.dataset;
    button.disabled = true;
    try {
      reader.innerHTML = await state.server.open_document([id, Number(start), Number(end), language()]);
    } catch {
      reader.textContent = reader.dataset.failed;
    } finally {
      button.disabled = false;
    }
    nameHeading(one(".document-title", reader));
    reader.hidden = false;
    one("#evidence .panel-cards").hidden = true;
    panel().classList.add("reading");
    const back = one("#evidence [data-back]");
    back.hidden = false;
    back.focus({ preventScroll: true });
    const mark = one("mark", reader);
    if (mark) scrollPanelTo(mark, "center");
  }

  // On a phone the panel is a sheet over the chat; the back gesture closes it.
  function openSheet(opener) {
    if (!isPhone() || document.body.classList.contains("sheet-open")) return;
    state.returnFocus = opener || null;
    document.body.classList.add("sheet-open");
    window.history.pushState({ sheet: true }, "");
    one("#evidence [data-close]").focus({ preventScroll: true });
  }

  function closeSheet(fromHistory = false) {
    if (!document.body.classList.contains("sheet-open")) return;
    document.body.classList.remove("sheet-open");
    if (!fromHistory && window.history.state && window.history.state.sheet) window.history.back();
    if (state.returnFocus && state.returnFocus.isConnected) state.returnFocus.focus({ preventScroll: true });
    state.returnFocus = null;
  }

  // --- copying --------------------------------------------------------------------------------

  async function copy(button) {
    const source = one(".copy-source", button.parentElement);
    const copied = await copyText(source.textContent);
    const frame = panel();
    if (!copied) {
      notify(frame.dataset.copyFailed, "problem");
      return;
    }
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    button.textContent = frame.dataset.copied;
    window.setTimeout(() => {
      button.textContent = label;
    }, 1800);
  }

  async function copyText(words) {
    // The clipboard interface exists only on https and localhost; offices often use plain http.
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(words);
        return true;
      } catch {
        /* fall through to the older way */
      }
    }
    const helper = document.createElement("textarea");
    helper.value = words;
    helper.style.position = "fixed";
    helper.style.opacity = "0";
    document.body.append(helper);
    helper.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    } finally {
      helper.remove();
    }
  }

  function notify(words, kind) {
    const fresh = document.createElement("p");
    fresh.className = `notice notice-${kind}`;
    fresh.setAttribute("role", "status");
    fresh.textContent = words;
    document.body.append(fresh);
    window.setTimeout(() => fresh.remove(), 5000);
  }

  // --- ratings --------------------------------------------------------------------------------

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
    state.trigger("submit", { question });
  }

  const language = () => (one("#masthead .masthead") || document.documentElement).dataset.language || "zh-CN";

  function chooseLanguage(chosen) {
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

  // --- keeping up with what Gradio draws ------------------------------------------------------

  function drawn() {
    if (!one("#log") || !one("#masthead .masthead") || !box()) return;
    if (!state.ready) begin();
    document.documentElement.lang = language();
    one("#log").setAttribute("role", "log");
    if (state.language !== language()) {
      state.language = language();
      translated();
    }
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
    const form = event.target.closest("form.reason");
    if (!form) return;
    event.preventDefault();
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
    document.addEventListener("toggle", toggled, true);
    window.addEventListener("popstate", () => closeSheet(true));
    observe(drawn);
    drawn();
  }

  // Gradio connects before it has drawn everything; this runs once all is there.
  function begin() {
    state.ready = true;
    if (!isPhone()) box().focus();
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

  return { connect };
})();
