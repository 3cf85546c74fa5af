/* Leaving a question to the office: the questions and answers up to it go along where that is ticked. */
function fillConversation(form) {
  const entry = one("[data-conversation]", form);
  if (!entry) return;
  const number = Number(form.id.match(/\d+/) || 0);
  const told = state.exchanges.slice(0, number).filter((each) => each.answer);
  entry.value = JSON.stringify(told.slice(-12).map((each) => [each.question, each.answer.answer]));
}
