/* The views beside the conversation: sending forms, showing replies, saving files. */
function showView() {
  const name = viewName();
  const changed = document.body.dataset.view !== name;
  document.body.dataset.view = name;
  all("#masthead [data-go]").forEach((button) => {
    const here = button.dataset.go === name;
    if (here) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });
  all("#views .view").forEach((view) => {
    view.hidden = view.dataset.name !== name;
  });
  const view = one(`#views .view[data-name="${name}"]`);
  if (!view) return;
  if (changed) {
    one("#views").scrollTo({ top: 0 });
    one("h2", view).focus({ preventScroll: true });
  }
  all("[data-on-show]", view).forEach((region) => {
    if (state.filled.has(region.id)) return;
    state.filled.add(region.id);
    act(region.dataset.onShow, fieldsOnShow(region.dataset.onShow), region, { quiet: true });
  });
}

// --- actions ---------------------------------------------------------------------------------

/* ``quiet`` is what a view shows by itself, ``again`` what was open before the page was drawn anew. */
async function act(action, fields, region, { button = null, form = null, quiet = false, again = false } = {}) {
  if (button) button.disabled = true;
  if (region) region.setAttribute("aria-busy", "true");
  let reply = null;
  try {
    const sent = FINAL.includes(action) ? { ...fields, window: windowKey() } : fields;
    reply = await call("act", [action, sent, language()]);
  } catch {
    if (!again) notify(panel().dataset.connectionLost, "problem");
    if (quiet && region) state.filled.delete(region.id);
  } finally {
    if (button) button.disabled = false;
    if (region) region.removeAttribute("aria-busy");
  }
  if (!reply) return;
  if (!reply.failed && !quiet && !again) {
    if (form && FINAL.includes(action)) forgetForm(formKey(form), "tell-form", "record-form");
    if (!reply.content) rememberOpened(action, fields, region);
  }
  shown(reply, region, { form, quiet, again });
}

function shown(reply, region, { form, quiet, again }) {
  clearProblem(form);
  if (reply.content) saveFile(reply);
  if (reply.failed && form) {
    // What was typed stays where it is; the sentence stands below it.
    form.insertAdjacentHTML("beforeend", reply.html);
    bringIntoView(one(":scope > .problem", form));
    return;
  }
  if (!region) {
    if (reply.failed) notify(textOf(reply.html), "problem");
    return;
  }
  if (again && reply.failed) return;
  state.filled.add(region.id);
  // What a view shows by itself comes too late where what was asked for is there already.
  if (quiet && region.dataset.replied) return;
  region.innerHTML = reply.html;
  all("form", region).forEach((each) => (quiet || again ? restoreForm(each) : openedForm(each)));
  // Boxes that come into a form later get back their ticks.
  const around = region.closest("form[data-action]");
  if (around) restoreForm(around);
  if (quiet) return;
  region.dataset.replied = "yes";
  if (again) return;
  const told = one("[tabindex='-1'], [role='alert'], [role='status']", region) || region;
  bringIntoView(told);
  if (told.matches("[tabindex]")) told.focus({ preventScroll: true });
}

function clearProblem(form) {
  if (form) all(":scope > .problem", form).forEach((line) => line.remove());
}

function textOf(html) {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return holder.textContent;
}

// Scrolls only what scrolls around it: scrollIntoView would move the frame as well.
function bringIntoView(target) {
  const frame = target.closest("#views, #log");
  if (!frame) return;
  const place = target.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  // In the upper half there is room for what follows it.
  if (place.top >= around.top && place.bottom <= around.top + around.height / 2) return;
  frame.scrollBy({ top: place.top - around.top - 24, behavior: calm() ? "auto" : "smooth" });
}

function saveFile({ name, type, content }) {
  const bytes = Uint8Array.from(window.atob(content), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function actButton(button) {
  const { action, fields, target, view } = button.dataset;
  if (view) goTo(view);
  const region = target ? document.getElementById(target) : null;
  act(action, JSON.parse(fields || "{}"), region, { button });
}

async function actForm(form, submitter) {
  // A second click before the first was heard would send the form twice.
  if (form.dataset.sending) return;
  const { sendTo, sendTarget, confirm } = (submitter && submitter.dataset) || {};
  if (confirm && !window.confirm(confirm)) return;
  form.dataset.sending = "yes";
  try {
    await sendForm(form, submitter, sendTo, sendTarget);
  } catch (problem) {
    notify(problem.message, "problem");
  } finally {
    delete form.dataset.sending;
  }
}

async function sendForm(form, submitter, sendTo, sendTarget) {
  fillConversation(form);
  const fields = await formFields(form);
  const region = document.getElementById(sendTarget || form.dataset.target);
  await act(sendTo || form.dataset.action, fields, region, { button: submitter, form });
}

const LARGEST_FILE = 1024 * 1024;

// A file travels with its form in base 64, its name beside it.
async function formFields(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") {
      fields[name] = value;
    } else if (value.name) {
      if (value.size > LARGEST_FILE) throw new Error(form.elements[name].dataset.tooLarge);
      fields[name] = await asBase64(value);
      fields[`${name}_name`] = value.name;
    }
  }
  return fields;
}

function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function clearRegion(button) {
  const region = button.closest(".record-region");
  const opener = region && one("button", region.parentElement);
  if (region) region.replaceChildren();
  if (opener) opener.focus({ preventScroll: true });
}
