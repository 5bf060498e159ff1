"use strict";
// a report stays while every word stands in its unit, scope or findings; a year is that of the report alone
const field = document.getElementById("find");
const shown = document.getElementById("shown");
const reports = [...document.querySelectorAll(".account")].map((account) => {
  const unit = account.closest(".unit");
  const year = account.querySelector("h3").textContent.slice(0, 4);
  const parts = [unit.querySelector("h2"), ...account.querySelectorAll("[data-find]")];
  const text = parts.map((part) => part.textContent).join(" ").normalize("NFKC").toLowerCase();
  return { account, unit, year, text };
});
const years = new Set(reports.map(({ year }) => year));
function find() {
  const words = field.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const units = new Set();
  let count = 0;
  for (const { account, unit, year, text } of reports) {
    account.hidden = !words.every((word) => (years.has(word) ? word === year : text.includes(word)));
    if (!account.hidden) {
      units.add(unit);
      count += 1;
    }
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
