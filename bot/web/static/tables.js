/* Tables of an answer: sorted by a column, copied so that a spreadsheet takes them. */
const NUMBER_IN_CELL = /-?\d[\d,]*(?:\.\d+)?/;

function cellValue(row, column) {
  const words = row.cells[column] ? row.cells[column].innerText.trim() : "";
  const found = words.match(NUMBER_IN_CELL);
  return { words, number: found ? Number(found[0].replaceAll(",", "")) : NaN };
}

function compareCells(one, other) {
  if (!Number.isNaN(one.number) && !Number.isNaN(other.number)) return one.number - other.number;
  if (Number.isNaN(one.number) !== Number.isNaN(other.number)) return Number.isNaN(one.number) ? 1 : -1;
  return one.words.localeCompare(other.words, "zh-CN");
}

function sortTable(button) {
  const head = button.closest("th");
  const table = button.closest("table");
  const down = head.getAttribute("aria-sort") === "ascending";
  all("th", table).forEach((each) => each.hasAttribute("aria-sort") && each.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows).map((row) => ({ row, value: cellValue(row, Number(button.dataset.sort)) }));
  rows.sort((one, other) => compareCells(one.value, other.value) * (down ? -1 : 1));
  body.append(...rows.map(({ row }) => row));
}

/* A cell that a spreadsheet would take for a formula stays text. */
function cellForSpreadsheet(cell) {
  const words = cell.innerText.replace(/\s+/g, " ").trim();
  return /^[=+@]|^-(?!\d)/.test(words) ? `'${words}` : words;
}

async function copyTable(button) {
  const table = one("table", button.closest(".grid"));
  const rows = Array.from(table.rows, (row) => Array.from(row.cells, cellForSpreadsheet));
  const lines = rows.map((row) => row.join("\t")).join("\n");
  const copied = (await copyGrid(rows, lines)) || (await copyText(lines));
  if (!copied) {
    notify(panel().dataset.copyFailed, "problem");
    return;
  }
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = panel().dataset.copied;
  window.setTimeout(() => {
    button.textContent = label;
  }, 1800);
}

/* As a table and as text; only where the browser lets pages put a table on the clipboard. */
async function copyGrid(rows, lines) {
  if (!navigator.clipboard || !navigator.clipboard.write || !window.ClipboardItem || !window.isSecureContext) return false;
  const grid = document.createElement("table");
  rows.forEach((cells) => {
    const row = grid.insertRow();
    cells.forEach((words) => {
      row.insertCell().textContent = words;
    });
  });
  const as = (words, type) => new Blob([words], { type });
  try {
    await navigator.clipboard.write([
      new ClipboardItem({ "text/html": as(grid.outerHTML, "text/html"), "text/plain": as(lines, "text/plain") }),
    ]);
    return true;
  } catch {
    return false;
  }
}

window.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("button[data-sort], button[data-table-copy]");
  if (!button) return;
  if (button.dataset.sort !== undefined) sortTable(button);
  else copyTable(button);
});
