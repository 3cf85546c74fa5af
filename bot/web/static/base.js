/* What the parts of the page's script share. The parts are joined into one function, in the order
   given in assets.py. No library, and nothing is fetched but from the page's own server. Gradio
   morphs its HTML in place, so what only the browser knows (unfolded lists, pressed buttons, the
   card looked at) is kept here and put back after each change. */
const PHONE = "(max-width: 768px)";
const LANGUAGE_KEY = "assistant-language";

const state = {
  trigger: () => {},
  server: {},
  exchange: null, // whose evidence the panel shows
  marker: null, // which card is marked
  newest: 0, // number of the newest exchange seen
  newestBusy: false,
  unfolded: new Set(), // ids of open <details>
  filled: new Set(), // ids of regions that were asked for
  rated: new Map(), // exchange number -> "yes" | "no"
  connected: false,
  trouble: false, // Gradio shows a message of its own
  ready: false, // the page has been drawn once
  language: null, // of the frame, as last seen
  returnFocus: null, // where focus goes when the sheet closes
};

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const isPhone = () => window.matchMedia(PHONE).matches;
const panel = () => one("#evidence .panel");
const box = () => one("#question textarea");
