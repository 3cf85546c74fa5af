/* The list of conversations: opening, naming and deleting what the browser keeps. */
const list = () => one("#conversations .conversations-panel");
const listOpen = () => Boolean(list()) && !list().hidden;

function openList() {
  closeSheet();
  fillList();
  list().hidden = false;
  expanded(true);
  enterOverlay("conversations");
  one("#conversations-heading").focus({ preventScroll: true });
}

function closeList(fromHistory = false) {
  if (!listOpen()) return;
  list().hidden = true;
  expanded(false);
  if (!fromHistory) leaveOverlay("conversations");
  // In the folded header its opener is out of sight.
  const opener = one("[data-conversations]");
  (opener.checkVisibility() ? opener : one("[data-menu]")).focus({ preventScroll: true });
}

function expanded(open) {
  one("[data-conversations]").setAttribute("aria-expanded", String(open));
}

function fillList() {
  const rows = keptConversations().map(row);
  const place = one(".conversation-list", list());
  if (!rows.length) {
    const none = document.createElement("li");
    none.className = "hint";
    none.textContent = place.dataset.empty;
    place.replaceChildren(none);
  } else place.replaceChildren(...rows);
  one(".this-conversation", list()).hidden = !state.exchanges.length;
  one("[data-delete-all]", list()).hidden = !rows.length;
}

function row({ id, title, changed }) {
  const fresh = elementOf(words().row);
  fresh.dataset.conversation = id;
  one(".conversation-title", fresh).textContent = title || "…";
  const when = new Date(changed);
  one("time", fresh).textContent = when.toLocaleString(language(), { dateStyle: "short", timeStyle: "short" });
  all("[data-rename], [data-delete]", fresh).forEach((button) => {
    button.setAttribute("aria-label", `${button.textContent} ${title}`);
  });
  if (state.conversation && state.conversation.id === id) one("[data-open]", fresh).setAttribute("aria-current", "true");
  return fresh;
}

// --- what is done with them -------------------------------------------------------------------

/* Shows a kept conversation in place of the one shown. */
async function openConversation(id, { keepView = false } = {}) {
  leaveAnswer();
  const known = keptConversations().find((each) => each.id === id);
  clearLog();
  if (!known) return;
  state.conversation = known;
  state.exchanges = keptExchanges(id);
  kept.set(OPEN, id, window.sessionStorage);
  if (!keepView) goTo("chat");
  offerLast();
  await drawConversation();
}

function clearLog() {
  all("#earlier > *, #current > *").forEach((part) => part.remove());
  state.conversation = null;
  state.exchanges = [];
  state.unfolded.clear();
  kept.remove(OPEN, window.sessionStorage);
  clearPanel();
  conversing();
}

function newConversation() {
  closeSheet();
  leaveAnswer();
  clearLog();
  goTo("chat");
  one("#log").scrollTo({ top: 0 });
  offerLast();
}

function rename(button) {
  const entry = button.closest("li");
  const opener = one("[data-open]", entry);
  const field = document.createElement("input");
  field.value = one(".conversation-title", entry).textContent;
  field.maxLength = 80;
  field.setAttribute("aria-label", words().renaming);
  opener.hidden = true;
  entry.prepend(field);
  field.select();
  const done = (save) => {
    if (!field.isConnected) return;
    const title = field.value.trim();
    if (save && title) keepTitle(entry.dataset.conversation, title);
    fillList();
    const again = one(`li[data-conversation="${entry.dataset.conversation}"] [data-rename]`, list());
    if (again) again.focus({ preventScroll: true });
  };
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    // What has the focus next must not take the key for itself.
    if (event.key === "Enter") {
      event.preventDefault();
      done(true);
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      done(false);
    }
  });
  // A click that ends the typing still needs the button it began on.
  field.addEventListener("blur", () => window.setTimeout(() => done(true), 250));
}

function keepTitle(id, title) {
  const value = parsed(kept.get(CONVERSATION + id)) || {};
  kept.set(CONVERSATION + id, JSON.stringify({ ...value, title }));
  if (state.conversation && state.conversation.id === id) state.conversation.title = title;
}

function deleteConversation(button) {
  if (!window.confirm(words().sure)) return;
  const { conversation } = button.closest("li").dataset;
  if (state.conversation && state.conversation.id === conversation) {
    leaveAnswer();
    clearLog();
  }
  forgetConversation(conversation);
  fillList();
  offerLast();
  one("#conversations-heading").focus({ preventScroll: true });
}

/* Everything the page keeps but the language. */
function deleteEverything() {
  if (!window.confirm(words().sureAll)) return;
  leaveAnswer();
  clearLog();
  [window.localStorage, window.sessionStorage].forEach((where) => {
    kept.keys("assistant-", where).forEach((key) => {
      if (key !== LANGUAGE_KEY) kept.remove(key, where);
    });
  });
  forgetForms();
  fillList();
  offerLast();
}

/* A window opened anew begins with a new conversation and offers the last one. */
function offerLast() {
  const standing = document.getElementById("resume");
  const last = state.exchanges.length ? null : keptConversations()[0];
  if (standing && (!last || standing.dataset.open !== last.id)) standing.remove();
  const place = one("#first .welcome .purpose");
  if (!last || !place || document.getElementById("resume")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.id = "resume";
  button.className = "quiet";
  button.dataset.open = last.id;
  button.textContent = words().resume.replace("{}", last.title);
  place.after(button);
}

// --- other windows ----------------------------------------------------------------------------

/* What another window keeps of the conversation shown here is shown here too. */
function storageChanged({ key, storageArea }) {
  if (storageArea !== window.localStorage || !key) return;
  if (listOpen() && key.startsWith(CONVERSATION) && !one("input", list())) fillList();
  offerLast();
  if (!state.conversation || !key.startsWith(`${EXCHANGE}${state.conversation.id}-`)) return;
  state.others = true;
  takeUpOthers();
}

function takeUpOthers() {
  if (!state.others || state.asking || !state.conversation) return;
  state.others = false;
  const standing = new Map(state.exchanges.map((each) => [each.id, each]));
  const found = keptExchanges(state.conversation.id);
  const same = (each) => standing.has(each.id) && standing.get(each.id).ending === each.ending;
  const first = found.findIndex((each, place) => !same(each) || state.exchanges[place]?.id !== each.id);
  if (first < 0 && found.length === state.exchanges.length) return;
  const from = first < 0 ? found.length : first;
  state.exchanges = found;
  undraw(from + 1);
  drawConversation();
}
