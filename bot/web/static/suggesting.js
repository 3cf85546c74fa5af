/* Suggestions while typing: questions the documents answer, above the box. Listeners hang on the window and come
   before those of the page, so that a key that chooses a suggestion does nothing else. */
const SUGGEST_AFTER = 160; // milliseconds without a key
const LONGEST_SUGGESTED = 60;
const suggesting = { timer: 0, asked: 0, active: -1, list: null, status: null };

function suggestionList() {
  if (suggesting.list && suggesting.list.isConnected) return suggesting.list;
  const composer = one("#composer");
  if (!composer) return null;
  suggesting.list = document.createElement("ul");
  suggesting.list.id = "suggestions";
  suggesting.list.setAttribute("role", "listbox");
  suggesting.list.setAttribute("aria-label", panel().dataset.suggestions);
  suggesting.list.hidden = true;
  suggesting.status = document.createElement("p");
  suggesting.status.className = "visually-hidden";
  suggesting.status.setAttribute("role", "status");
  composer.append(suggesting.list, suggesting.status);
  return suggesting.list;
}

const suggestionsOpen = () => Boolean(suggesting.list && !suggesting.list.hidden);

function closeSuggestions() {
  window.clearTimeout(suggesting.timer);
  suggesting.asked += 1; // an answer on its way comes too late
  if (!suggesting.list) return;
  suggesting.list.hidden = true;
  suggesting.active = -1;
  suggesting.status.textContent = "";
  if (box()) box().removeAttribute("aria-activedescendant");
}

function showSuggestions(questions) {
  const list = suggestionList();
  if (!list || !questions.length || document.activeElement !== box()) {
    closeSuggestions();
    return;
  }
  const options = questions.map((question, place) => {
    const option = document.createElement("li");
    option.id = `suggestion-${place}`;
    option.lang = "zh-CN";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = question;
    return option;
  });
  list.replaceChildren(...options);
  list.hidden = false;
  suggesting.active = -1;
  const typed = box();
  typed.setAttribute("aria-autocomplete", "list");
  typed.setAttribute("aria-controls", list.id);
  typed.removeAttribute("aria-activedescendant");
  suggesting.status.textContent = panel().dataset.suggestionsCount.replace("{}", questions.length);
}

function markSuggestion(place) {
  const options = all("li", suggesting.list);
  suggesting.active = (place + options.length + 1) % (options.length + 1);
  if (suggesting.active === options.length) suggesting.active = -1;
  options.forEach((option, each) => option.setAttribute("aria-selected", String(each === suggesting.active)));
  if (suggesting.active < 0) box().removeAttribute("aria-activedescendant");
  else box().setAttribute("aria-activedescendant", options[suggesting.active].id);
}

function takeSuggestion(option) {
  const question = option.textContent;
  closeSuggestions();
  const typed = box();
  typed.value = "";
  typed.dispatchEvent(new Event("input", { bubbles: true }));
  ask(question);
}

async function suggestFor(text) {
  suggesting.asked += 1;
  const turn = suggesting.asked;
  let questions = [];
  try {
    questions = await call("suggest", [text]);
  } catch {
    /* nobody waits for suggestions */
  }
  if (turn === suggesting.asked && box() && box().value.trim() === text) showSuggestions(questions);
}

window.addEventListener(
  "input",
  (event) => {
    if (event.target !== box()) return;
    window.clearTimeout(suggesting.timer);
    const text = box().value.trim();
    // While an input method composes, what stands in the box is not what will stand there.
    if (event.isComposing || !text || text.length > LONGEST_SUGGESTED || text.includes("\n")) closeSuggestions();
    else suggesting.timer = window.setTimeout(() => suggestFor(text), SUGGEST_AFTER);
  },
  true,
);

window.addEventListener("compositionend", (event) => {
  if (event.target === box()) box().dispatchEvent(new Event("input", { bubbles: true }));
}, true);

window.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== box() || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && suggesting.active < 0) closeSuggestions();
    if (!suggestionsOpen()) return;
    if (event.key === "ArrowDown") markSuggestion(suggesting.active + 1);
    else if (event.key === "ArrowUp") markSuggestion(suggesting.active < 0 ? -2 : suggesting.active - 1);
    else if (event.key === "Enter") takeSuggestion(all("li", suggesting.list)[suggesting.active]);
    else if (event.key === "Escape") closeSuggestions();
    else {
      if (event.key === "Tab") closeSuggestions();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// The box keeps the focus while a suggestion is pressed; otherwise the list would close before the click.
window.addEventListener("mousedown", (event) => {
  if (event.target.closest && event.target.closest("#suggestions")) event.preventDefault();
}, true);

window.addEventListener("click", (event) => {
  const option = event.target.closest && event.target.closest("#suggestions li");
  if (option) takeSuggestion(option);
  else if (event.target !== box()) closeSuggestions();
}, true);

window.addEventListener("focusout", (event) => {
  if (event.target === box()) window.setTimeout(() => document.activeElement !== box() && closeSuggestions(), 120);
}, true);
