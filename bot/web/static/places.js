/* Where the visitor is: the view stands in the address (#/publish), and what lies over the page (the sheet of
   evidence, the list of conversations on a phone) is a state of the history, so that back closes it. */
const VIEWS = ["chat", "eligibility", "market", "publish", "mine", "introduce"];
const LINK = "#/ask/";
const LONGEST_LINKED = 300;

const viewName = () => {
  const named = window.location.hash.replace("#/", "").split("?")[0];
  return VIEWS.includes(named) ? named : "chat";
};

const overlay = () => (window.history.state && window.history.state.overlay) || null;

function enterOverlay(name, more = {}) {
  if (!isPhone()) return;
  const entry = { overlay: name, ...more };
  if (overlay()) window.history.replaceState(entry, "");
  else window.history.pushState(entry, "");
}

function leaveOverlay(name) {
  if (overlay() === name) window.history.back();
}

function goTo(name) {
  const covered = overlay();
  const moves = viewName() !== name;
  // Going back takes its time: the entry of what is closed becomes that of the view instead.
  if (covered && moves) window.history.replaceState(null, "", `#/${name}`);
  closeSheet();
  closeList();
  if (!covered && moves) window.location.hash = `#/${name}`;
  showView();
  nameWindow();
}

function wentBack() {
  if (overlay() !== "evidence") closeSheet(true);
  if (overlay() !== "conversations") closeList(true);
  if (overlay() === "evidence") reopenSheet();
  if (overlay() === "conversations" && !listOpen()) openList();
  showView();
  nameWindow();
  takeLink();
}

function reopenSheet() {
  const { exchange, marker } = window.history.state;
  if (articleOf(exchange)) showEvidence(exchange, marker, null);
  else window.history.replaceState(null, "");
}

/* After a reload: what lay over the page does so again. */
function reopenOverlay() {
  if (overlay() === "evidence") reopenSheet();
  else if (overlay()) window.history.replaceState(null, "");
}

/* A link to an answer asks its question in a conversation of its own; what it holds is typed text. */
async function takeLink() {
  if (!window.location.hash.startsWith(LINK)) return false;
  const question = linkedQuestion(window.location.hash.slice(LINK.length));
  window.history.replaceState(null, "", "#/chat");
  showView();
  if (!question) return false;
  newConversation();
  const exchange = await ask(question);
  const first = exchange && exchange.answer ? exchange.answer.citations[0] : null;
  if (first) showEvidence(numberOf(exchange), first.marker, null);
  return true;
}

function linkedQuestion(written) {
  try {
    const question = decodeURIComponent(written).trim();
    return question.length <= LONGEST_LINKED ? question : "";
  } catch {
    return "";
  }
}
