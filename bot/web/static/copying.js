/* Copying, and short messages. */
async function copy(button) {
  const source = one(".copy-source", button.parentElement);
  const copied = await copyText(source.textContent);
  const frame = panel();
  if (!copied) {
    notify(frame.dataset.copyFailed, "problem");
    return;
  }
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = frame.dataset.copied;
  window.setTimeout(() => {
    button.textContent = label;
  }, 1800);
}

async function copyText(copied) {
  // The clipboard interface exists only on https and localhost; offices often use plain http.
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(copied);
      return true;
    } catch {
      /* fall through to the older way */
    }
  }
  const helper = document.createElement("textarea");
  helper.value = copied;
  helper.style.position = "fixed";
  helper.style.opacity = "0";
  document.body.append(helper);
  helper.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    helper.remove();
  }
}

function notify(told, kind = "done") {
  const fresh = document.createElement("p");
  fresh.className = `notice notice-${kind}`;
  fresh.setAttribute("role", "status");
  fresh.textContent = told;
  showFor(fresh);
}

function showNotice(html) {
  const fresh = elementOf(html);
  if (fresh) showFor(fresh);
}

function showFor(fresh) {
  document.body.append(fresh);
  window.setTimeout(() => fresh.remove(), 10000);
}
