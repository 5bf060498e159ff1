"use strict";
// #n1f.2e shows the figures 1f and 2e: both are marked, the first is scrolled to, the bar says what they are
const used = JSON.parse(document.getElementById("used").textContent);
const bar = document.getElementById("about");
const list = bar.querySelector("ul");
for (const row of Object.keys(used)) document.getElementById(`n${row}`)?.classList.add("used");

function line(figure, row) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#n${row}`;
  link.textContent = figure.title;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    reach(figure);
  });
  item.append(link);
  const uses = used[row] || [];
  if (uses.length) {
    const small = document.createElement("small");
    small.append("用于 used in：");
    uses.forEach(([notebook, heading, address], at) => {
      const back = document.createElement("a");
      back.href = address;
      back.textContent = heading && heading !== notebook ? `${notebook} · ${heading}` : notebook;
      small.append(at ? "；" : "", back);
    });
    item.append(small);
  }
  return item;
}

function reach(figure) {
  for (let box = figure.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  figure.scrollIntoView({ block: "center", inline: "center" });
  figure.focus({ preventScroll: true });
}

function show() {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const wanted = /^#n([0-9a-f]+(?:\.[0-9a-f]+)*)$/.exec(location.hash);
  const rows = wanted ? wanted[1].split(".") : [];
  const found = rows.map((row) => [document.getElementById(`n${row}`), row]).filter(([figure]) => figure);
  bar.hidden = !found.length;
  if (!found.length) {
    const box = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const within = box && box.closest("details");
    if (within) {
      within.open = true;
      box.scrollIntoView();
    }
    return;
  }
  for (const [figure] of found) figure.classList.add("lit");
  list.replaceChildren(...found.map(([figure, row]) => line(figure, row)));
  reach(found[0][0]);
}

bar.querySelector("button").addEventListener("click", () => (bar.hidden = true));
addEventListener("hashchange", show);
// the pictures above have their sizes in the page, so that nothing moves afterwards
show();
if (matchMedia("(max-width: 60rem)").matches) document.querySelector("nav details").open = false;
