"use strict";
// what is found in a report: the finding, indicator or item with the searched words marked, leading to its source
const normal = (text) => text.normalize("NFKC").toLowerCase();
const english = document.documentElement.lang === "en";
const KINDS = { finding: ["发现", "Finding"], indicator: ["指标", "Indicator"], item: ["数字", "Figure"] };
const MOST_HITS = 6;

// the words stay where they stand in the text, whatever becomes of its characters when they are made alike
function marked(text, words) {
  const characters = [...text];
  const flat = [];
  characters.forEach((one, at) => { for (const unit of normal(one)) for (let i = 0; i < unit.length; i += 1) flat.push([unit[i], at]); });
  const alike = flat.map(([one]) => one).join("");
  const lit = new Set();
  for (const word of words) {
    for (let at = alike.indexOf(word); at >= 0; at = alike.indexOf(word, at + word.length)) {
      for (let i = at; i < at + word.length; i += 1) lit.add(flat[i][1]);
    }
  }
  const shown = document.createDocumentFragment();
  for (let at = 0; at < characters.length;) {
    const on = lit.has(at);
    let end = at;
    while (end < characters.length && lit.has(end) === on) end += 1;
    const said = characters.slice(at, end).join("");
    if (on) shown.append(Object.assign(document.createElement("mark"), { textContent: said }));
    else shown.append(said);
    at = end;
  }
  return shown;
}

// lines with the most of the words first; one that has none is no hit
function hits(article, folder, lines, words) {
  article.querySelector(".hits")?.remove();
  if (!words.length) return;
  // a line is made plain once, not at each letter that is typed
  const found = lines.map((line) => {
    line[3] ??= normal(line[1]);
    return [words.filter((word) => line[3].includes(word)).length, line];
  }).filter(([count]) => count).sort(([a], [b]) => b - a).map(([, line]) => line);
  if (!found.length) return;
  const list = document.createElement("ul");
  list.className = "hits";
  const row = ([kind, text, at]) => {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("b"), { textContent: KINDS[kind][Number(english)] });
    const said = document.createElement(at ? "a" : "span");
    if (at) said.href = `${folder}/source.html#n${at}`;
    if (english && /[\u4e00-\u9fff]/.test(text)) said.lang = "zh";
    said.append(marked(text, words));
    item.append(name, " ", said);
    return item;
  };
  list.append(...found.slice(0, MOST_HITS).map(row));
  if (found.length > MOST_HITS) {
    const item = document.createElement("li");
    const more = Object.assign(document.createElement("button"), { type: "button" });
    more.textContent = english ? `${found.length - MOST_HITS} more` : `还有 ${found.length - MOST_HITS} 处`;
    more.addEventListener("click", () => item.replaceWith(...found.slice(MOST_HITS).map(row)));
    item.append(more);
    list.append(item);
  }
  article.querySelector("div").prepend(list); // before what else is said of the report
}
