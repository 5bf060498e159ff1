// Thousands of reports: this page has the first of them, and the others lie in scripts beside it, since a page that is
// opened from a disk may read nothing else. The list says what finds each report and in which script it stands.
const main = document.querySelector("main");
const by = (id) => document.getElementById(id);
const field = by("find");
const choices = [by("year"), by("scope"), by("state")];
const waiting = new Map();
window.index_data = (name, content) => waiting.get(name)?.(content);

const loaded = new Map();
function load(name) {
  if (loaded.has(name)) return loaded.get(name);
  const part = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const end = () => {
      script.remove();
      reject(new Error(name)); // unless it has brought what it was asked for
    };
    waiting.set(name, resolve);
    script.addEventListener("load", end);
    script.addEventListener("error", end);
    script.src = `index-data/${name}.js`;
    document.head.append(script);
  });
  if (loaded.size > 100) loaded.delete(loaded.keys().next().value);
  loaded.set(name, part);
  part.catch(() => loaded.delete(name));
  return part;
}

let list, reports, years, words;
function arrange(content) {
  list = content;
  const units = list.units.map((unit) => normal(unit.join(" ")));
  const terms = list.terms.map(normal);
  reports = list.reports.map(([unit, year, kinds, amounts], at) => ({
    unit, year: String(year), kinds, at,
    scope: list.units[unit][1],
    text: [units[unit], ...kinds.map((kind) => terms[kind])].join(" "),
    amounts: amounts.split(" ").filter(Boolean),
  }));
  years = new Set(reports.map((report) => report.year));
  reports.sort((a, b) => a.unit - b.unit || b.year - a.year);
}
// which reports say it: texts come with their reports as steps from one to the next
const said = new Map();
function saying(word) {
  if (said.has(word)) return said.get(word);
  const found = new Set();
  for (const part of words ?? []) for (const [text, steps] of part) {
    if (!text.includes(word)) continue;
    let at = 0;
    for (const step of steps) found.add((at += step));
  }
  if (said.size > 50) said.clear();
  said.set(word, found);
  return found;
}
const sought = () => normal(field.value).split(/\s+/).filter(Boolean);
// what all reports say is loaded when it is first looked for
async function learn() {
  if (!words && sought().some((word) => !years.has(word))) {
    words = await Promise.all(list.words.map(load));
    said.clear();
  }
}

// a year is that of the report alone, and an amount is found whole; other words wherever they stand
function found() {
  const asked = sought().map((word) => [word, saying(word)]);
  const [year, scope, state] = choices.map((choice) => choice.value);
  const kind = list.terms.indexOf(state);
  return reports.filter((report) =>
    (!year || report.year === year) && (!scope || report.scope === scope) && (!state || report.kinds.includes(kind)) &&
    asked.every(([word, at]) => years.has(word)
      ? word === report.year
      : report.text.includes(word) || at.has(report.at) || report.amounts.includes(word.replaceAll(",", ""))));
}

const newest = by("year").value;
let page = 0;
let asked = 0;
let chosen = false; // whether a person has chosen the year
async function show(move) {
  const mine = ++asked;
  by("reports").setAttribute("aria-busy", "true");
  const known = await learn().then(() => true, () => false);
  if (mine !== asked) return; // something else was asked for meanwhile
  const all = found();
  page = Math.min(Math.max(page, 0), pages(all.length) - 1);
  history.replaceState(null, "", `#${asks()}`);
  const some = all.slice(page * list.size, (page + 1) * list.size);
  const names = some.map(({ at }) => list.parts[Math.floor(at / list.size)]);
  const asks_words = sought().some((word) => !years.has(word));
  const lines = asks_words ? some.map(({ at }) => list.lines[Math.floor(at / list.few)]) : [];
  const [parts, lined] = await Promise.all([names, lines].map((all) => Promise.all(all.map(load)))).catch(() => [null]);
  if (mine !== asked) return;
  by("apart").hidden = known && parts !== null;
  by("reports").replaceChildren(parts ? sections(some, parts, lined) : "");
  by("reports").setAttribute("aria-busy", "false");
  told(all.length);
  if (move) {
    by("reports").focus({ preventScroll: true }); // the keyboard goes on from the first of them
    by("reports").scrollIntoView();
  }
  if (parts) dress();
}

function sections(some, parts, lined) {
  const found = document.createDocumentFragment();
  let section, unit;
  some.forEach((report, i) => {
    if (report.unit !== unit) {
      unit = report.unit;
      section = document.createElement("section");
      section.className = "unit";
      const [heading, scope] = [document.createElement("h2"), document.createElement("small")];
      [heading.textContent, scope.textContent] = list.units[unit];
      heading.append(" ", scope);
      section.append(heading);
      found.append(section);
    }
    const [folder, article] = parts[i][report.at % list.size];
    section.insertAdjacentHTML("beforeend", article.replaceAll('href="./', () => `href="${folder}/`));
    if (lined.length) {
      const searched = sought().filter((word) => !years.has(word) && !normal(list.units[report.unit].join(" ")).includes(word));
      hits(section.lastElementChild, folder, lined[i][report.at % list.few], searched);
    }
  });
  return found;
}

// the characters of all reports, for readers without a Chinese font
let dressed;
function dress() {
  dressed ??= load(list.font).then((rule) => {
    const style = document.createElement("style");
    style.textContent = rule;
    document.head.append(style);
  }, () => {});
}

const pages = (count) => Math.max(1, Math.ceil(count / list.size));
function told(count) {
  const first = !page && asks().toString() === "";
  for (const panel of document.querySelectorAll(".panel")) panel.hidden = !first;
  by("none").hidden = count > 0;
  by("shown").textContent = `${count.toLocaleString("en")} / ${reports.length.toLocaleString("en")}`;
  by("place").textContent = document.documentElement.lang === "en"
      ? `page ${page + 1} of ${pages(count)}` : `第 ${page + 1} 页，共 ${pages(count)} 页`;
  by("before").disabled = !page;
  by("after").disabled = page + 1 >= pages(count);
  main.querySelector(".pager").hidden = pages(count) < 2;
}

// what is asked for stands in the address, so that one comes back to it from a report and can hand it on
const usual = () => (field.value.trim() ? "" : newest); // words are looked for in all years
function asks() {
  const said = { q: field.value.trim(), page: page ? page + 1 : "" };
  for (const choice of choices) said[choice.id] = choice.value;
  said.year = said.year === usual() ? "" : said.year || "all";
  return new URLSearchParams(Object.entries(said).filter(([, value]) => value));
}
function ask() {
  const said = new URLSearchParams(location.hash.slice(1));
  field.value = said.get("q") ?? "";
  for (const choice of choices) {
    choice.value = said.get(choice.id) ?? "";
    if (choice.selectedIndex < 0) choice.value = "";
  }
  chosen = said.has("year");
  if (!chosen) choices[0].value = usual();
  page = (parseInt(said.get("page"), 10) || 1) - 1;
}

function anew() {
  page = 0;
  show();
}
function turn(step) {
  page += step;
  show(true);
}
window.addEventListener("load", () => load(main.dataset.list).then((content) => {
  arrange(content);
  field.closest("search").hidden = false;
  field.addEventListener("input", () => {
    if (!chosen) choices[0].value = usual();
    anew();
  });
  for (const choice of choices) choice.addEventListener("change", () => {
    chosen ||= choice.id === "year";
    anew();
  });
  by("before").addEventListener("click", () => turn(-1));
  by("after").addEventListener("click", () => turn(1));
  window.addEventListener("hashchange", () => {
    ask();
    show();
  });
  ask();
  if (location.hash.length > 1) show();
  else told(found().length); // the first view is there
}, () => (by("apart").hidden = false)));
