// a report stays while every word stands in its unit, its scope or a line of it; a year is that of the report alone
const field = document.getElementById("find");
const shown = document.getElementById("shown");
const told = JSON.parse(document.getElementById("lines")?.textContent || "[]");
const reports = [...document.querySelectorAll(".account")].map((account, at) => {
  const [folder, lines] = told[at];
  const unit = account.closest(".unit");
  const year = account.querySelector("h3").textContent.slice(0, 4);
  const parts = [unit.querySelector("h2"), ...account.querySelectorAll("[data-find]")];
  const head = normal(parts[0].textContent);
  const text = normal([...parts.map((part) => part.textContent), ...lines.map(([, said]) => said)].join("\n"));
  return { account, unit, year, head, text, folder, lines };
});
const years = new Set(reports.map(({ year }) => year));
function find() {
  const words = normal(field.value).split(/\s+/).filter(Boolean);
  const units = new Set();
  let count = 0;
  for (const { account, unit, year, head, text, folder, lines } of reports) {
    account.hidden = !words.every((word) => (years.has(word) ? word === year : text.includes(word)));
    if (!account.hidden) {
      units.add(unit);
      count += 1;
    }
    hits(account, folder, account.hidden ? [] : lines, words.filter((word) => !years.has(word) && !head.includes(word)));
  }
  for (const { unit } of reports) unit.hidden = !units.has(unit);
  for (const part of document.querySelectorAll(".panel")) part.hidden = words.length > 0;
  shown.textContent = words.length ? `${count} / ${reports.length}` : "";
  document.getElementById("none").hidden = count > 0;
}
if (field) {
  field.closest("search").hidden = false;
  field.addEventListener("input", find);
  find(); // what was typed before the page was reloaded
}
