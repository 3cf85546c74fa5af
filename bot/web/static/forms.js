/* Half-filled forms: what is typed is kept as it is typed, for as long as the window is open, and comes back after a
   reload, a restart of the server and a change of language. Receipt codes and files are never kept. */
const FORMS = "assistant-forms";
const OPENED = "assistant-opened";
const NEVER_KEPT = ["file", "password", "submit", "button", "reset"];
/* Actions that end what a form is for. */
const FINAL = ["submit", "hand_over", "interest", "revise", "withdraw", "bulk", "inquire", "inquiry_add"];
/* Actions that only show something: done again after a reload, so that what was open is open again. */
const SHOWING = ["find", "record", "matches", "pairs", "hand_over_form", "interest_form", "inquiry_form", "eligibility"];
const MOST_OPENED = 8;
/* By it the server knows a form that is sent again because its answer was lost; it goes when the window is closed. */
const WINDOW = "assistant-window";

const session = (key) => parsed(kept.get(key, window.sessionStorage)) || {};

function windowKey() {
  state.window = kept.get(WINDOW, window.sessionStorage) || state.window || newId() + newId();
  kept.set(WINDOW, state.window, window.sessionStorage);
  return state.window;
}

function keepSession(key, value) {
  kept.set(key, JSON.stringify(value), window.sessionStorage);
}

function formKey(form) {
  if (form.matches(".reason")) {
    const exchange = state.exchanges[Number(form.dataset.exchange) - 1];
    return exchange ? `reason:${exchange.id}` : "";
  }
  return form.id || `${form.dataset.action}:${form.dataset.target}`;
}

/* The entries by name; of boxes and radios the values that are ticked. */
function entries(form) {
  const values = {};
  Array.from(form.elements).forEach((field) => {
    const name = field.name || field.id;
    if (!name || name === "receipt" || NEVER_KEPT.includes(field.type)) return;
    if (field.type === "checkbox" || field.type === "radio") {
      values[name] = values[name] || [];
      if (field.checked) values[name].push(field.value);
    } else values[name] = field.value;
  });
  return values;
}

function fillIn(form, values) {
  Array.from(form.elements).forEach((field) => {
    const value = values[field.name || field.id];
    if (value === undefined || field.type === "hidden" || NEVER_KEPT.includes(field.type)) return;
    if (Array.isArray(value)) field.checked = value.includes(field.value);
    else if (typeof value === "string") field.value = value;
    if (field.value && !Array.isArray(value)) all("details").filter((fold) => fold.contains(field)).forEach(unfold);
  });
}

function unfold(fold) {
  if (!fold.closest("#log")) fold.open = true;
}

function keepForm(form) {
  const key = formKey(form);
  if (!key) return;
  const forms = session(FORMS);
  forms[key] = { served: (forms[key] || {}).served || form.served || {}, values: entries(form) };
  keepSession(FORMS, forms);
}

/* A form that stands there by itself gets back what was typed. */
function restoreForm(form) {
  form.served = entries(form);
  const known = session(FORMS)[formKey(form)];
  if (!known) return;
  fillIn(form, known.values);
  if (form.matches(".reason") && Object.values(known.values).some(Boolean)) form.hidden = false;
}

/* A form that was asked for: where it is the one that was left half-filled, it goes on; else it begins anew. */
function openedForm(form) {
  const served = entries(form);
  const known = session(FORMS)[formKey(form)];
  form.served = served;
  if (known && JSON.stringify(known.served) === JSON.stringify(served)) {
    fillIn(form, known.values);
    return;
  }
  const forms = session(FORMS);
  forms[formKey(form)] = { served, values: served };
  keepSession(FORMS, forms);
}

function forgetForm(...keys) {
  const forms = session(FORMS);
  keys.forEach((key) => delete forms[key]);
  keepSession(FORMS, forms);
}

function forgetForms() {
  all("#views form[data-action]").forEach((form) => form.reset());
  if (box()) fillBox("");
  kept.remove(FORMS, window.sessionStorage);
  kept.remove(OPENED, window.sessionStorage);
  kept.remove(WINDOW, window.sessionStorage);
  state.window = "";
}

/* The record that was half-filled is served as a form again; everything else as its view begins. */
function fieldsOnShow(action) {
  if (SHOWN_WITH[action]) return SHOWN_WITH[action]();
  const known = action === "form" ? session(FORMS)["record-form"] : null;
  if (!known) return {};
  return Object.fromEntries(Object.entries(known.values).filter(([, value]) => typeof value === "string"));
}

function restoreForms() {
  all("#views form[data-action]").forEach((form) => restoreForm(form));
}

function typed(event) {
  if (event.target === box()) keepBox();
  const form = event.target.closest && event.target.closest("#views form[data-action], form.reason, #log form[data-action]");
  if (form) keepForm(form);
}

// --- what was open ------------------------------------------------------------------------------

function rememberOpened(action, fields, region) {
  if (!region || !region.id) return;
  const opened = (session(OPENED).list || []).filter((each) => each.target !== region.id);
  if (SHOWING.includes(action)) opened.push({ action, fields, target: region.id });
  keepSession(OPENED, { list: opened.slice(-MOST_OPENED) });
}

async function openAgain() {
  for (const { action, fields, target } of session(OPENED).list || []) {
    const region = document.getElementById(target);
    if (region) await act(action, fields, region, { again: true });
  }
}

/* A receipt is shown once: a change of language must not wipe it. */
function carry() {
  state.carried = all("#views .view-region, #views .record-region")
    .filter((region) => region.id && one(".receipt-code", region) && !one(".view-region, .record-region", region))
    .map((region) => [region.id, Array.from(region.childNodes)]);
}

function putBack() {
  state.carried.forEach(([id, nodes]) => {
    const region = document.getElementById(id);
    if (!region) return;
    region.replaceChildren(...nodes);
    region.dataset.replied = "yes";
    state.filled.add(id);
  });
  state.carried = [];
}

function leaving(event) {
  if (one("#views .receipt-code")) event.preventDefault();
}
