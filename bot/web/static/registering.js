/* Registering on one page: tell, check, see what others will see, receipt. The browser's way back is the way back to
   the step before; what was typed is kept by the form itself. */
const STEPS = ["tell", "form", "preview", "receipt"];
const REGISTERING = "publish-form";

let stepShown = "tell";

const registeringView = () => one("#views .view[data-name='publish']");

/* What stands in the region says which step it is. */
function stepOf(region) {
  if (one(".receipt", region) && !one("#record-form", region)) return "receipt";
  if (one("#confirm-form", region)) return "preview";
  return one("#record-form > .hint", region) ? "form" : "tell";
}

function markStep(step) {
  const view = registeringView();
  if (view.dataset.step === step) return;
  view.dataset.step = step;
  all(".steps [data-step]", view).forEach((item) => {
    const place = STEPS.indexOf(item.dataset.step) - STEPS.indexOf(step);
    item.toggleAttribute("data-done", place < 0);
    if (place === 0) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
}

/* A step forward is an entry of the history; what was submitted is behind the visitor for good. */
function stepChanged() {
  const region = document.getElementById(REGISTERING);
  if (!region || !registeringView()) return;
  const step = stepOf(region);
  markStep(step);
  if (step === stepShown || viewName() !== "publish") return;
  const forward = STEPS.indexOf(step) > STEPS.indexOf(stepShown);
  const entry = { step };
  const there = window.history.state && window.history.state.step;
  if (forward && there !== step) {
    if (step === "receipt") window.history.replaceState(entry, "");
    else window.history.pushState(entry, "");
  } else if (!forward && there && there !== step) window.history.replaceState(entry, "");
  // The line of steps stands at the top, with what is new right below it.
  if (forward && step !== "form") one("#views").scrollTo({ top: 0 });
  stepShown = step;
}

async function stepBack() {
  const region = document.getElementById(REGISTERING);
  if (viewName() !== "publish" || !region) return;
  const step = (window.history.state && window.history.state.step) || "tell";
  const here = stepOf(region);
  // The receipt is shown once: it stays until something else is asked for.
  if (here === "receipt" || step === here || step === "receipt") return;
  stepShown = step;
  if (here === "preview") {
    await act("form", sentAlong(one("#confirm-form", region)), region);
    stepShown = stepOf(region);
  } else if (step === "preview") {
    const form = one("#record-form", region);
    await act("preview", await formFields(form), region, { form });
  }
  if (step === "tell") one("#tell-told").focus();
}

const sentAlong = (form) => Object.fromEntries(Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));

// --- wrong entries -----------------------------------------------------------------------------

/* A sentence about one entry stands at the entry as well. */
function markEntries() {
  all("#views form > .problem[data-entry]").forEach((told) => {
    const form = told.closest("form");
    const field = form.elements[told.dataset.entry];
    if (!field || !field.matches || told.dataset.marked) return;
    told.dataset.marked = "yes";
    const line = document.createElement("p");
    line.className = "field-problem";
    line.id = `${field.id || field.name}-problem`;
    line.textContent = told.textContent;
    field.insertAdjacentElement("afterend", line);
    field.dataset.described = field.getAttribute("aria-describedby") || "";
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.dataset.described} ${line.id}`.trim());
    all("details", form).filter((fold) => fold.contains(field)).forEach(unfold);
    bringIntoView(field);
    field.focus({ preventScroll: true });
  });
  all("#views [aria-invalid='true']").forEach((field) => {
    if (!one(":scope > .problem[data-marked]", field.form)) unmarkEntry(field);
  });
}

function unmarkEntry(field) {
  const line = document.getElementById(`${field.id || field.name}-problem`);
  if (line) line.remove();
  field.removeAttribute("aria-invalid");
  if (field.dataset.described) field.setAttribute("aria-describedby", field.dataset.described);
  else field.removeAttribute("aria-describedby");
}

document.addEventListener("input", (event) => {
  if (event.target.matches("#views [aria-invalid='true']")) {
    clearProblem(event.target.form);
    unmarkEntry(event.target);
  }
});

window.addEventListener("popstate", () => stepBack());
