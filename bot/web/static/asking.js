/* Asking: a question goes out with what it hangs on, and its answer grows line by line. */
const LONGEST_HISTORY = 20;
/* Milliseconds that a stopped answer has to end by itself. */
const STOPPED_WITHIN = 300;

class Refused extends Error {}

async function ask(question, replaced = null) {
  if (state.asking) return null;
  if (!question.trim()) {
    notify(words().emptyQuestion, "problem");
    return null;
  }
  goTo("chat");
  const before = replaced ? state.exchanges.slice(0, state.exchanges.indexOf(replaced)) : state.exchanges;
  const exchange = { id: newId(), asked: Date.now(), question: question.trim(), ending: "asking", problem: "", answer: null };
  const asking = { exchange, before, replaced, controller: new AbortController(), begun: false };
  state.asking = asking;
  conversing();
  try {
    await streamAnswer(asking, requestOf(asking));
  } catch (problem) {
    brokenOff(asking, problem);
  }
  if (state.asking === asking) state.asking = null;
  conversing();
  if (asking.left) return null;
  if (asking.begun) answered(asking);
  return asking.begun ? exchange : null;
}

/* What an answer hangs on: the newest questions that were answered, and the newest draft. */
function requestOf({ exchange, before }) {
  const known = before.filter((each) => each.answer);
  const drafted = known.findLast((each) => each.answer.draft);
  return {
    key: exchange.id,
    number: before.length + 1,
    question: exchange.question,
    language: language(),
    history: known.slice(-LONGEST_HISTORY).map((each) => each.question),
    draft: drafted ? drafted.answer.draft.draft : null,
    contact: drafted ? drafted.contact || null : null,
  };
}

async function streamAnswer(asking, request) {
  const reply = await fetch("ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
    signal: asking.controller.signal,
  });
  if (!reply.ok) {
    const told = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
    throw new Refused(told.problem || words().busy);
  }
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    // Of what came at once only the newest is worth drawing.
    lines.slice(-1).forEach((line) => heard(asking, JSON.parse(line)));
  }
  if (!asking.ended) throw new Error("the answer broke off");
}

function heard(asking, told) {
  if (asking.left) return;
  const { exchange } = asking;
  if (!asking.begun) beginExchange(asking);
  const article = drawExchange(numberOf(exchange), told.html);
  if (told.ahead) one(".waiting", article).lastChild.textContent = told.ahead;
  if (!asking.shown) scrollLogTo(article);
  asking.shown = true;
  if (!told.ending) return;
  asking.ended = true;
  Object.assign(exchange, { ending: told.ending, problem: told.problem, answer: told.answer, contact: told.contact });
}

/* The server has the question: from here on it belongs to the conversation. */
function beginExchange(asking) {
  const { exchange, before, replaced } = asking;
  asking.begun = true;
  if (!state.conversation) {
    const title = Array.from(exchange.question.replace(/\s+/g, " ")).slice(0, TITLE_LENGTH).join("");
    state.conversation = { id: newId(), title, begun: exchange.asked, changed: exchange.asked };
  }
  closeSheet();
  if (replaced) replaceFrom(replaced, before);
  if (box().value.trim() === exchange.question) fillBox("");
  state.exchanges.push(exchange);
  keepConversation();
  keepExchange(exchange);
  offerLast();
}

/* Later exchanges are not thrown away with the question they follow: the whole is kept as it was. */
function replaceFrom(replaced, before) {
  const gone = state.exchanges.slice(before.length);
  if (gone.length > 1) keepBeforeEdit();
  gone.forEach((each) => forgetExchange(each));
  state.exchanges = [...before];
  undraw(before.length + 1);
}

function keepBeforeEdit() {
  const copy = newId();
  const title = words().beforeEdit.replace("{}", state.conversation.title);
  const { begun } = state.conversation;
  kept.set(CONVERSATION + copy, JSON.stringify({ title, begun, changed: Date.now() - 1 }));
  state.exchanges.forEach((each) => keepExchange({ ...each, id: newId() }, copy));
  notify(words().keptBeforeEdit + title);
}

function answered({ exchange }) {
  keepExchange(exchange);
  keepConversation();
  const number = numberOf(exchange);
  keepInSight(articleOf(number));
  announce(one(".answer", articleOf(number)));
  showRating(number);
  showCards();
  fillPanel(number);
  state.marker = null;
  panel().scrollTo({ top: 0 });
  takeUpOthers();
}

/* What stands above an exchange may have changed its height: its beginning comes back, unless its reader went elsewhere. */
function keepInSight(article) {
  const off = article.getBoundingClientRect().top - one("#log").getBoundingClientRect().top;
  if (Math.abs(off) < one("#log").clientHeight / 2) scrollLogTo(article);
}

/* A question that the server never had goes back into the box; one it had is shown as interrupted. */
function brokenOff(asking, problem) {
  const { exchange } = asking;
  if (asking.left) return;
  if (!asking.begun) {
    if (!box().value.trim()) fillBox(exchange.question);
    notify(problem instanceof Refused ? problem.message : panel().dataset.connectionLost, "problem");
    return;
  }
  exchange.ending = "interrupted";
  const article = articleOf(numberOf(exchange));
  article.removeAttribute("data-busy");
  all(".waiting", article).forEach((line) => line.remove());
  const told = elementOf(words().broken);
  one("[data-retry]", told).dataset.retry = numberOf(exchange);
  one(".reply", article).append(told);
  one(".reply", article).removeAttribute("aria-busy");
}

/* Who answers may be another process, or the question still waits for its turn: then nobody listens any longer. */
async function stopAnswer() {
  const { asking } = state;
  if (!asking) return;
  const stopped = await call("stop", [asking.exchange.id]).catch(() => false);
  if (!stopped) setTimeout(() => state.asking === asking && asking.controller.abort(), STOPPED_WITHIN);
}

/* Another conversation is shown: nobody waits for this answer any more. */
function leaveAnswer() {
  const { asking } = state;
  if (!asking) return;
  asking.left = true;
  asking.controller.abort();
  state.asking = null;
  if (!asking.begun) return;
  asking.exchange.ending = "interrupted";
  keepExchange(asking.exchange);
}

function retry(number) {
  const exchange = state.exchanges[number - 1];
  if (!exchange || !exchange.question) return;
  // In the middle of a conversation what follows stays: the question is asked once more at the end.
  ask(exchange.question, number === state.exchanges.length ? exchange : null);
}

// --- editing a question -----------------------------------------------------------------------

function editQuestion(number) {
  const article = articleOf(number);
  const exchange = state.exchanges[number - 1];
  if (!exchange || state.asking || one(".edit-question", article)) return;
  const form = elementOf(words().editForm);
  form.dataset.exchange = number;
  one("textarea", form).value = exchange.question;
  one(".question", article).after(form);
  article.classList.add("editing");
  one("textarea", form).focus();
}

function sendEdit(form) {
  const exchange = state.exchanges[Number(form.dataset.exchange) - 1];
  const typed = one("textarea", form).value;
  if (!typed.trim() || !exchange) return;
  ask(typed, exchange);
}

function giveUpEdit(form) {
  const article = form.closest(".exchange");
  form.remove();
  article.classList.remove("editing");
  const button = one("[data-edit]", article);
  if (button) button.focus({ preventScroll: true });
}
