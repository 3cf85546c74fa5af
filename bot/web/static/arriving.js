/* Written into the document itself: until the page stands, everything else is what may be missing.
   A part lost on its way is asked for again once, by itself; then the visitor is told. */
(() => {
  "use strict";
  const QUIET = 1500; // milliseconds before a visitor is told that the page is on its way
  const LONGEST = 45000; // then what has not come will not come: the slowest line of the tests takes a third
  const REOPENED = "assistant-reopened";
  let told = "";

  const note = () => document.getElementById("arriving");

  function show(part) {
    told = part;
    const found = note();
    if (!found) return;
    found.hidden = false;
    for (const each of found.children) each.hidden = each.dataset.part !== part;
  }

  /* Whether the page was already opened again by itself; where the browser keeps nothing, it was. */
  function reopened() {
    try {
      const before = window.sessionStorage.getItem(REOPENED) !== null;
      window.sessionStorage.setItem(REOPENED, "1");
      return before;
    } catch {
      return true;
    }
  }

  function lost() {
    if (stands() || told === "lost") return;
    if (reopened()) show("lost");
    else window.location.reload();
  }

  function stands() {
    return document.querySelector("#masthead .masthead") !== null;
  }

  const watch = new MutationObserver(() => {
    if (!stands()) return;
    watch.disconnect();
    clearTimeout(slow);
    clearTimeout(late);
    note()?.remove();
    try {
      window.sessionStorage.removeItem(REOPENED);
    } catch {
      // It keeps nothing, so there is nothing to forget.
    }
  });
  watch.observe(document, { childList: true, subtree: true });
  const slow = setTimeout(() => told || show("opening"), QUIET);
  const late = setTimeout(() => show("lost"), LONGEST);

  // The event of a lost element does not rise to the window, but passes it on its way down.
  window.addEventListener(
    "error",
    (event) => {
      const address = event.target?.src || event.target?.href || "";
      if (address.includes("/assets/")) lost();
    },
    true,
  );
  window.addEventListener("vite:preloadError", lost);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#arriving button")) window.location.reload();
  });
  document.addEventListener("DOMContentLoaded", () => told && show(told));
})();
