/* The conversation as it is drawn: an exchange is drawn once, and again only when it changes. */
const BATCH = 20;
const BATCH_LENGTH = 900000;

const articleOf = (number) => document.getElementById(`exchange-${number}`);
const numberOf = (exchange) => state.exchanges.indexOf(exchange) + 1;

/* Puts markup of the server in the place of its number; the question that stands there already stays. */
function drawExchange(number, html) {
  const fresh = elementOf(html);
  const standing = articleOf(number);
  if (standing) {
    const question = one(".question", standing);
    const came = one(".question", fresh);
    if (question && came && question.textContent === came.textContent) came.replaceWith(question);
    standing.replaceWith(fresh);
  } else placeExchange(number, fresh);
  drawnExchange(number, fresh);
  return fresh;
}

function placeExchange(number, fresh) {
  const current = one("#current");
  if (number === state.exchanges.length || number > state.exchanges.length) {
    one("#earlier").append(...current.children);
    current.append(fresh);
    return;
  }
  const next = all("#earlier > .exchange").find((each) => Number(each.dataset.exchange) > number);
  one("#earlier").insertBefore(fresh, next || null);
}

function drawnExchange(number, article) {
  all("details", article).forEach((fold) => {
    if (state.unfolded.has(fold.id)) fold.open = true;
  });
  showRating(number);
  all("form.reason", article).forEach((form) => restoreForm(form));
  conversing();
}

function conversing() {
  document.body.classList.toggle("conversing", Boolean(one("#log .exchange")));
  document.body.classList.toggle("busy", Boolean(state.asking));
}

/* Everything below and with ``number`` goes from the page. */
function undraw(number) {
  all("#log .exchange").forEach((article) => {
    if (Number(article.dataset.exchange) >= number) article.remove();
  });
  if (!one("#current").children.length) {
    const last = one("#earlier").lastElementChild;
    if (last) one("#current").append(last);
  }
  if (state.exchange !== null && state.exchange >= number) clearPanel();
  conversing();
}

/* Draws kept exchanges, the newest first; gives up where another conversation was opened meanwhile. */
async function drawKept(exchanges) {
  const conversation = state.conversation;
  const waiting = [...exchanges];
  while (waiting.length) {
    const batch = [];
    let length = 0;
    while (waiting.length && batch.length < BATCH) {
      const next = handed(waiting.at(-1));
      if (batch.length && length + next.length > BATCH_LENGTH) break;
      length += next.length;
      batch.unshift([numberOf(waiting.pop()), next]);
    }
    const shown = await shownAgain(batch);
    if (state.conversation !== conversation) return false;
    shown.forEach((html, place) => drawExchange(batch[place][0], html));
  }
  return true;
}

async function shownAgain(batch) {
  const request = [batch.map(([number]) => number), batch.map(([, written]) => written), language()];
  for (let tries = 0; ; tries += 1) {
    try {
      return await call("show_again", request);
    } catch {
      if (tries === 0) notify(panel().dataset.connectionLost, "problem");
      if (tries > 30) return [];
      await new Promise((resolve) => window.setTimeout(resolve, 2000));
    }
  }
}

/* Shows the conversation as it is kept. What is drawn already is drawn anew only where ``anew`` says so. */
async function drawConversation(anew = false) {
  const newest = state.exchanges.length;
  if (!newest) return;
  const todo = anew ? state.exchanges : state.exchanges.filter((each) => !articleOf(numberOf(each)));
  const quiet = todo.filter((each) => !state.asking || state.asking.exchange !== each);
  const first = quiet.slice(-BATCH);
  if (!(await drawKept(first))) return;
  if (!anew) settle(newest);
  else if (state.exchange !== null) fillPanel(state.exchange);
  await drawKept(quiet.slice(0, -BATCH));
}

/* The newest exchange stands on top of the window, its evidence beside it. */
function settle(number) {
  const article = articleOf(number);
  if (!article) return;
  scrollLogTo(article);
  showCards();
  fillPanel(number);
  state.marker = null;
  panel().scrollTo({ top: 0 });
}

// Only the log scrolls: scrollIntoView would move the frame around it as well.
function scrollLogTo(target) {
  const log = one("#log");
  const top = target.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
  log.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
}

function showRating(number) {
  const exchange = state.exchanges[number - 1];
  all(`#exchange-${number} [data-rate]`).forEach((button) => {
    button.setAttribute("aria-pressed", String(Boolean(exchange) && exchange.rated === button.dataset.rate));
  });
}
