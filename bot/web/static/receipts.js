/* Receipts in one place. The codes are kept in this browser only where that was agreed to; a receipt file is read here,
   and nothing but its code is used. */
const RECEIPTS = "assistant-receipts";
const CODE = /(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}/g;
const LARGEST_RECEIPT_FILE = 1024 * 1024;
const MOST_KEPT_RECEIPTS = 50;

const remembering = () => kept.get(RECEIPTS) !== null;

function heldCodes() {
  const known = parsed(kept.get(RECEIPTS));
  return known && Array.isArray(known.codes) ? known.codes.filter((code) => typeof code === "string") : [];
}

const keepCodes = (codes) => kept.set(RECEIPTS, JSON.stringify({ codes: codes.slice(0, MOST_KEPT_RECEIPTS) }));

const receiptFields = (codes = heldCodes()) => ({ codes: JSON.stringify(codes) });

const newCodes = () => all(".receipt .receipt-code").map((code) => code.textContent.trim());

function rememberNew() {
  if (!remembering()) return;
  const known = heldCodes();
  const added = newCodes().filter((code) => !known.includes(code));
  if (!added.length) return;
  keepCodes([...added, ...known]);
  listReceipts();
}

function setRemembering(on) {
  if (on) {
    if (!remembering()) keepCodes([]);
    rememberNew();
  } else kept.remove(RECEIPTS);
  listReceipts();
  showTicks();
}

function forgetCode(code) {
  keepCodes(heldCodes().filter((each) => each !== code));
  all(`[data-forget-receipt="${CSS.escape(code)}"]`).forEach((button) => button.closest("article").remove());
  listReceipts();
}

function showTicks() {
  all("[data-remember-receipts]").forEach((box) => {
    if (box.checked !== remembering()) box.checked = remembering();
  });
  const buttons = document.getElementById("receipt-buttons");
  if (buttons && buttons.hidden !== !heldCodes().length) buttons.hidden = !heldCodes().length;
}

async function listReceipts() {
  const list = document.getElementById("receipt-list");
  if (!list) return;
  state.filled.add(list.id);
  const reply = await receiptCall("receipts", receiptFields());
  if (reply && document.getElementById("receipt-list")) document.getElementById("receipt-list").innerHTML = reply.html;
}

async function receiptCall(action, fields) {
  try {
    const reply = await call("act", [action, fields, language()]);
    if (!reply.failed) return reply;
    notify(textOf(reply.html), "problem");
  } catch {
    notify(panel().dataset.connectionLost, "problem");
  }
  return null;
}

// --- files and paper ---------------------------------------------------------------------------

const codesFor = (named) => (named === "all" ? heldCodes() : [named]);

const receiptPage = (named) =>
  receiptCall("receipt_file", { ...receiptFields(codesFor(named)), address: window.location.href });

async function saveReceipts(named) {
  const reply = await receiptPage(named);
  if (reply) saveFile(reply);
}

/* What is printed is what is saved: a page of its own, not the whole view. */
async function printReceipts(named) {
  const reply = await receiptPage(named);
  if (!reply) return;
  all("iframe.print-sheet").forEach((sheet) => sheet.remove());
  const bytes = Uint8Array.from(window.atob(reply.content), (letter) => letter.charCodeAt(0));
  const sheet = document.createElement("iframe");
  sheet.className = "print-sheet";
  sheet.title = "print";
  sheet.setAttribute("aria-hidden", "true");
  sheet.addEventListener("load", () => sheet.contentWindow.print(), { once: true });
  sheet.srcdoc = new TextDecoder().decode(bytes);
  document.body.append(sheet);
}

async function openReceiptFile(file) {
  const section = document.getElementById("kept-receipts");
  if (!file || !section) return;
  const readable = file.size <= LARGEST_RECEIPT_FILE;
  const codes = readable ? Array.from(new Set((await file.text()).match(CODE) || [])) : [];
  const place = document.getElementById("receipts-of-file");
  place.replaceChildren();
  if (!codes.length) {
    notify(section.dataset.noCode, "problem");
  } else if (codes.length === 1) {
    one("#mine-receipt").value = codes[0];
    act("claim", { receipt: codes[0] }, document.getElementById("mine-record"));
  } else {
    const reply = await receiptCall("receipts", receiptFields(codes.slice(0, MOST_KEPT_RECEIPTS)));
    if (!reply) return;
    place.innerHTML = reply.html;
    all("[data-forget-receipt]", place).forEach((button) => button.remove());
    place.insertAdjacentElement("afterbegin", elementOf("<p></p>"));
    place.firstElementChild.textContent = section.dataset.several.replace("{}", codes.length);
  }
}

document.addEventListener("click", (event) => {
  const { saveReceipts: saved, printReceipts: printed, forgetReceipt, forgetReceipts } =
    (event.target.closest("button") || document.body).dataset;
  if (saved) saveReceipts(saved);
  else if (printed) printReceipts(printed);
  else if (forgetReceipt) forgetCode(forgetReceipt);
  else if (forgetReceipts !== undefined) setRemembering(false);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-remember-receipts]")) setRemembering(event.target.checked);
  if (event.target.id !== "receipt-file") return;
  openReceiptFile(event.target.files[0]);
  event.target.value = "";
});

/* A file may be dropped anywhere on the view. */
document.addEventListener("dragover", (event) => {
  if (viewName() !== "mine" || !event.target.closest("#views")) return;
  event.preventDefault();
  document.getElementById("kept-receipts").classList.add("dropping");
});

document.addEventListener("dragleave", () => {
  all(".kept-receipts.dropping").forEach((section) => section.classList.remove("dropping"));
});

document.addEventListener("drop", (event) => {
  if (viewName() !== "mine" || !event.target.closest("#views")) return;
  event.preventDefault();
  document.getElementById("kept-receipts").classList.remove("dropping");
  openReceiptFile(event.dataTransfer.files[0]);
});

window.addEventListener("storage", (event) => {
  if (event.key === RECEIPTS) listReceipts().then(showTicks);
});

// --- keeping up --------------------------------------------------------------------------------

/* The steps, the marks at entries and the ticks follow what is drawn. */
let followingPlanned = false;

function followDrawn() {
  if (followingPlanned) return;
  followingPlanned = true;
  window.setTimeout(() => {
    followingPlanned = false;
    if (!state.ready) return;
    stepChanged();
    markEntries();
    rememberNew();
    showTicks();
  }, 0);
}

new MutationObserver(followDrawn).observe(document, { childList: true, subtree: true });
