/* What the parts of the page's script share. The parts are joined into one function, in the order
   given in assets.py. No library, and nothing is fetched but from the page's own server. Gradio
   morphs its HTML in place, so what only the browser knows (unfolded lists, the card looked at)
   is kept here and put back after each change. */
const PHONE = "(max-width: 768px)";
const LANGUAGE_KEY = "assistant-language";

const state = {
  trigger: () => {},
  conversation: null, // the one shown: { id, title, begun, changed }; null before the first question
  exchanges: [], // its exchanges, oldest first; the number of one is its place, from 1
  asking: null, // the question in progress: { exchange, controller, begun }
  exchange: null, // number of the exchange whose evidence the panel shows
  marker: null, // which card is marked
  unfolded: new Set(), // ids of open <details>
  filled: new Set(), // ids of regions that were asked for
  window: "", // key of this window, where the browser keeps nothing
  carried: [], // what a change of language must not wipe: [region id, nodes]
  connected: false,
  trouble: false, // Gradio shows a message of its own
  ready: false, // the page has been drawn once
  language: null, // of the frame, as last seen
  returnFocus: null, // where focus goes when the sheet closes
};

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const isPhone = () => window.matchMedia(PHONE).matches;
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const panel = () => one("#evidence .panel");
const box = () => one("#question textarea");
const language = () => (one("#masthead .masthead") || document.documentElement).dataset.language || "zh-CN";
/* The words of the page's own script stand in the attributes of the list of conversations. */
const words = () => one("#conversations .conversations-panel").dataset;

function elementOf(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

/* Calls a function of the page's server by its name; throws where no answer comes. */
async function call(name, request) {
  const reply = await fetch(`call/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
  });
  if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
  return reply.json();
}
