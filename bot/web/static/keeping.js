/* What the browser keeps. Each conversation and each exchange stands under a key of its own, so that two
   windows never overwrite each other's. Half-filled forms and private contacts go when the window is closed. */
const CONVERSATION = "assistant-conversation-"; // + id
const EXCHANGE = "assistant-exchange-"; // + id of its conversation + "-" + id
const CONTACT = "assistant-contact-"; // + id of the exchange; in the session
const OPEN = "assistant-open"; // id of the conversation shown; in the session
const TITLE_LENGTH = 40;

/* Private windows may refuse: then things last as long as the page. */
const kept = {
  get(key, where = window.localStorage) {
    try {
      return where.getItem(key);
    } catch {
      return null;
    }
  },
  remove(key, where = window.localStorage) {
    try {
      where.removeItem(key);
    } catch {
      /* nothing was kept */
    }
  },
  keys(prefix, where = window.localStorage) {
    try {
      return Object.keys(where).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
  set(key, value, where = window.localStorage) {
    for (let tries = 0; tries < 50; tries += 1) {
      try {
        where.setItem(key, value);
        return;
      } catch {
        if (where !== window.localStorage || !makeRoom(key)) break;
      }
    }
    if (!state.unkept) notify(words().storageNone, "problem");
    state.unkept = true;
  },
};

function newId() {
  return Array.from(window.crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parsed(written) {
  try {
    const value = JSON.parse(written);
    return value && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

const textIn = (value) => (typeof value === "string" ? value : "");
const numberIn = (value) => (Number.isFinite(value) ? value : 0);

/* Newest first. */
function keptConversations() {
  return kept
    .keys(CONVERSATION)
    .map((key) => {
      const value = parsed(kept.get(key)) || {};
      const id = key.slice(CONVERSATION.length);
      return { id, title: textIn(value.title), begun: numberIn(value.begun), changed: numberIn(value.changed) };
    })
    .sort((one, other) => other.changed - one.changed);
}

/* Oldest first; what cannot be read comes along as it stands, for the server to say so. */
function keptExchanges(conversation) {
  const prefix = `${EXCHANGE}${conversation}-`;
  return kept
    .keys(prefix)
    .map((key) => readExchange(key.slice(prefix.length), kept.get(key)))
    .sort((one, other) => one.asked - other.asked);
}

function readExchange(id, written) {
  const value = parsed(written);
  if (!value) return { id, asked: 0, question: "", ending: "done", problem: "", answer: null, raw: written || "" };
  return {
    id,
    asked: numberIn(value.asked),
    question: textIn(value.question),
    ending: textIn(value.ending),
    problem: textIn(value.problem),
    answer: value.answer && typeof value.answer === "object" ? value.answer : null,
    rated: textIn(value.rated),
    contact: parsed(kept.get(CONTACT + id, window.sessionStorage)),
  };
}

function keepConversation() {
  const { id, title, begun } = state.conversation;
  state.conversation.changed = Date.now();
  kept.set(CONVERSATION + id, JSON.stringify({ title, begun, changed: state.conversation.changed }));
  kept.set(OPEN, id, window.sessionStorage);
}

function keepExchange(exchange, conversation = state.conversation.id) {
  if (exchange.raw !== undefined) {
    kept.set(`${EXCHANGE}${conversation}-${exchange.id}`, exchange.raw);
    return;
  }
  const { id, asked, question, ending, problem, answer, rated, contact } = exchange;
  const value = { id, asked, question, ending, problem, answer, rated };
  kept.set(`${EXCHANGE}${conversation}-${id}`, JSON.stringify(value));
  if (contact) kept.set(CONTACT + id, JSON.stringify(contact), window.sessionStorage);
}

function forgetExchange(exchange, conversation = state.conversation.id) {
  kept.remove(`${EXCHANGE}${conversation}-${exchange.id}`);
  kept.remove(CONTACT + exchange.id, window.sessionStorage);
}

function forgetConversation(id) {
  keptExchanges(id).forEach((exchange) => forgetExchange(exchange, id));
  kept.remove(CONVERSATION + id);
}

/* An exchange as the server reads it. A question whose answer never came is an interrupted one. */
function handed(exchange) {
  if (exchange.raw !== undefined) return exchange.raw;
  const { question, problem, answer, contact } = exchange;
  const ending = exchange.ending === "asking" ? "interrupted" : exchange.ending;
  return JSON.stringify({ question, ending, problem, answer, contact: contact || null });
}

/* Where the storage is full the oldest conversation goes, and if there is but this one, its oldest exchange. */
function makeRoom(key) {
  const own = state.conversation && state.conversation.id;
  const oldest = keptConversations().filter((each) => each.id !== own && !key.includes(each.id)).at(-1);
  if (oldest) forgetConversation(oldest.id);
  else {
    const first = own ? keptExchanges(own).find((each) => !key.endsWith(each.id)) : null;
    if (!first) return false;
    forgetExchange(first, own);
  }
  notify(words().storageFull, "problem");
  return true;
}

function keepBox() {
  kept.set("assistant-box", box().value, window.sessionStorage);
}

/* Gradio hears of a change by the event only. */
function fillBox(typed) {
  box().value = typed;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  keepBox();
}
