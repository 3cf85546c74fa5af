/* On a narrow window the header folds into one menu; the body remembers, because Gradio draws the header anew. */
const menuOpen = () => document.body.classList.contains("menu-open");

function foldMenu(fold = true) {
  document.body.classList.toggle("menu-open", !fold);
  one("[data-menu]").setAttribute("aria-expanded", String(!fold));
  if (!fold) one("#masthead-menu button").focus({ preventScroll: true });
}

/* Past the header: to the box of the conversation, or to the heading of the view. */
function skipToContent() {
  const target = viewName() === "chat" ? box() : one(`#views .view[data-name="${viewName()}"] h2`);
  target.focus({ preventScroll: true });
}

/* Says what stands in ``part`` to who listens to the page, once. */
function announce(part) {
  let region = one("#announced");
  if (!region) {
    region = elementOf('<div id="announced" class="visually-hidden" role="status"></div>');
    document.body.append(region);
  }
  region.textContent = part ? part.textContent : "";
}
