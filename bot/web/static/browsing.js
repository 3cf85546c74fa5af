/* The list of needs and offers: what is chosen stands in the address (#/market?kind=needs&page=2), so that reload,
   back and a copied address show the same. Chips and pages are plain links. */
const LISTING = "market-results";
const LISTED_PARTS = ["told", "kind", "field", "place", "days", "standing", "page"];
const LONGEST_PART = 2000;

/* What a view sends for what it shows by itself. */
const SHOWN_WITH = { browse: () => askedFor(), receipts: () => receiptFields() };

let listingCalls = 0;
let askedLast = "";

function askedFor() {
  const query = new URLSearchParams(window.location.hash.split("?").slice(1).join("?"));
  return partsOf((name) => query.get(name));
}

function partsOf(read) {
  const parts = LISTED_PARTS.map((name) => [name, (read(name) || "").slice(0, LONGEST_PART)]);
  return Object.fromEntries(parts.filter(([, value]) => value));
}

const asQuery = (parts) => new URLSearchParams(parts).toString();

const marketAddress = (parts) => (asQuery(parts) ? `#/market?${asQuery(parts)}` : "#/market");

/* Shows what the address asks for, where something else is shown. */
async function followAddress(focused = "") {
  const region = document.getElementById(LISTING);
  if (viewName() !== "market" || !region) return;
  const query = asQuery(askedFor());
  fillSearch();
  if (query === askedLast && state.filled.has(LISTING)) return;
  askedLast = query;
  state.filled.add(LISTING);
  listingCalls += 1;
  const number = listingCalls;
  region.setAttribute("aria-busy", "true");
  try {
    const reply = await call("act", ["browse", askedFor(), language()]);
    if (number !== listingCalls) return;
    rememberOpened("browse", {}, region);
    showListing(region, reply, focused);
  } catch {
    askedLast = "?";
    notify(panel().dataset.connectionLost, "problem");
  } finally {
    if (number === listingCalls) region.removeAttribute("aria-busy");
  }
}

function showListing(region, reply, focused) {
  const open = one("#listing-filters-fold", region) && one("#listing-filters-fold", region).open;
  region.innerHTML = reply.html;
  region.dataset.replied = "yes";
  const fold = one("#listing-filters-fold", region);
  if (fold && open) fold.open = true;
  const target = (focused && document.getElementById(focused)) || one("[tabindex='-1'], [role='alert']", region);
  if (!focused && target) bringIntoView(target);
  if (target && target.matches("select, [tabindex]")) target.focus({ preventScroll: true });
}

/* The box says what is searched for also after a reload and on the way back. */
function fillSearch() {
  const form = one("#find-form");
  if (!form) return;
  const { told = "", kind = "" } = askedFor();
  if (!told) return;
  form.elements.told.value = told;
  form.elements.kind.value = kind;
}

function askFor(parts, focused) {
  const address = marketAddress(parts);
  if (window.location.hash !== address) window.history.pushState(null, "", address);
  askedLast = asQuery(parts) === askedLast ? "?" : askedLast;
  followAddress(focused);
}

/* A search keeps the filters; a filter keeps the search; both begin at the first page. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-listing]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const typedIn = new FormData(form);
    const before = form.id === "find-form" ? askedFor() : {};
    askFor(partsOf((name) => (name === "page" ? "" : typedIn.has(name) ? typedIn.get(name).trim() : before[name])));
  },
  true,
);

document.addEventListener("change", (event) => {
  const form = event.target.closest("#listing-filters");
  if (!form) return;
  const typedIn = new FormData(form);
  askFor(partsOf((name) => typedIn.get(name)), event.target.id);
});

/* Coming back to the view by its name shows what it showed. */
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-go='market']");
    if (!button || viewName() === "market" || !askedLast || askedLast === "?") return;
    const shownBefore = askedLast;
    window.setTimeout(() => {
      if (viewName() === "market" && !asQuery(askedFor())) {
        window.history.replaceState(window.history.state, "", `#/market?${shownBefore}`);
      }
      followAddress();
    }, 0);
  },
  true,
);

window.addEventListener("hashchange", () => followAddress());
window.addEventListener("popstate", () => followAddress());
