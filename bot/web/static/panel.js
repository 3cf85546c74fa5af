/* The 依据 panel: cards of one exchange, the whole document, the sheet on a phone. */
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
  nameQuestion(exchange);
  state.exchange = store ? exchange : null;
}

// The panel says whose evidence it shows when that is not the newest answer's.
function nameQuestion(exchange) {
  const line = one("#evidence .panel-question");
  const question = one(`#exchange-${exchange} .question p`);
  line.hidden = !question || exchange === state.exchanges.length;
  line.textContent = question ? question.textContent : "";
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
    reader.innerHTML = await call("open_document", [id, Number(start), Number(end), language()]);
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
  if (!isPhone()) return;
  const { exchange, marker } = state;
  enterOverlay("evidence", { exchange, marker });
  if (document.body.classList.contains("sheet-open")) return;
  state.returnFocus = opener || null;
  document.body.classList.add("sheet-open");
  one("#evidence [data-close]").focus({ preventScroll: true });
}

function closeSheet(fromHistory = false) {
  if (!document.body.classList.contains("sheet-open")) return;
  document.body.classList.remove("sheet-open");
  if (!fromHistory) leaveOverlay("evidence");
  if (state.returnFocus && state.returnFocus.isConnected) state.returnFocus.focus({ preventScroll: true });
  state.returnFocus = null;
}

function clearPanel() {
  showCards();
  if (!one("#evidence .panel-cards")) return;
  one("#evidence .panel-cards").replaceChildren();
  one("#evidence .panel-question").hidden = true;
  panel().classList.remove("has-cards");
  state.exchange = state.marker = null;
}
