/* Taking an answer along: a file, a link, paper. */
async function exportExchanges(exchanges, suffix, button) {
  const title = exchanges.length === 1 ? exchanges[0].question : state.conversation.title;
  const answers = exchanges.filter((each) => each.ending !== "asking").slice(-60).map(handed);
  button.disabled = true;
  try {
    const reply = await call("export", [answers, suffix, title, language()]);
    if (reply.failed) notify(textOf(reply.html), "problem");
    else saveFile(reply);
  } catch {
    notify(panel().dataset.connectionLost, "problem");
  } finally {
    button.disabled = false;
  }
}

async function copyLink(number, button) {
  const { answer, question } = state.exchanges[number - 1];
  button.disabled = true;
  try {
    const asked = answer ? answer.standalone_question || question : question;
    const { fragment, refused, masked } = await call("link", [asked, language()]);
    if (refused) {
      notify(refused, "problem");
      return;
    }
    const copied = await copyText(window.location.href.replace(/#.*$/, "") + fragment);
    if (!copied) notify(panel().dataset.copyFailed, "problem");
    else notify(masked ? words().linkMasked : words().linkCopied, "done");
  } catch {
    notify(panel().dataset.connectionLost, "problem");
  } finally {
    button.disabled = false;
  }
}

/* On paper nothing can be unfolded. */
function beforePrint() {
  state.folded = all("#log details:not([open]):not(.more-actions)");
  state.folded.forEach((fold) => {
    fold.open = true;
  });
}

function afterPrint() {
  (state.folded || []).forEach((fold) => {
    fold.open = false;
  });
}
