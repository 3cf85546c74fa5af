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
    const last = all("#earlier > .exchange").at(-1);
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

/* Shows the newest exchanges that are kept, and the earlier ones when they are asked for or scrolled to. */
async function drawConversation() {
  const newest = state.exchanges.length;
  const last = state.exchanges.slice(-BATCH).filter((each) => !articleOf(numberOf(each)) && !isAsked(each));
  if (last.length && (await drawKept(last))) settle(newest);
  offerEarlier();
}

const isAsked = (exchange) => Boolean(state.asking) && state.asking.exchange === exchange;

/* In another language: what is drawn, the newest first. */
async function drawAnew() {
  await drawKept(state.exchanges.filter((each) => articleOf(numberOf(each)) && !isAsked(each)));
  if (state.exchange !== null) fillPanel(state.exchange);
  offerEarlier();
}

const undrawn = () => state.exchanges.findIndex((each) => articleOf(numberOf(each)));

function offerEarlier() {
  const left = undrawn();
  let button = document.getElementById("show-earlier");
  if (left <= 0) {
    if (button) button.remove();
    return;
  }
  if (!button) {
    button = document.createElement("button");
    Object.assign(button, { type: "button", id: "show-earlier", className: "quiet" });
    button.dataset.earlier = "";
    one("#earlier").prepend(button);
  }
  button.textContent = words().earlier.replace("{}", left);
}

/* What is looked at stays where it is while earlier exchanges come above it. */
async function drawEarlier() {
  const left = undrawn();
  if (left <= 0 || state.drawing) return;
  state.drawing = true;
  const log = one("#log");
  const below = log.scrollHeight - log.scrollTop;
  await drawKept(state.exchanges.slice(Math.max(0, left - BATCH), left));
  offerEarlier();
  log.scrollTo({ top: log.scrollHeight - below, behavior: "instant" });
  state.drawing = false;
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
