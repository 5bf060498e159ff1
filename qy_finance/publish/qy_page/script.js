"use strict";
const button = document.getElementById("code");
const blocks = document.querySelectorAll("details.code");
if (button && blocks.length) {
  // what the code answers is read first; the code is there when it is asked for
  document.body.classList.add("quiet");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    document.body.classList.toggle("quiet", !open);
    for (const block of blocks) block.open = open;
  });
}
// on a narrow screen the contents start folded
const contents = document.querySelector("nav details");
if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;

// copies go into spreadsheets: plain numbers, and no text that a spreadsheet would compute
const NUMBER = /^[-+]?[\d,]*\d(\.\d+)?$/;
function plain(said) {
  const text = said.trim().replace(/\s+/g, " ");
  if (text === "—") return "";
  if (NUMBER.test(text)) return text.replaceAll(",", "");
  if (/^[=+\-@＝＋－＠]/.test(text)) return `'${text}`;
  // at the start of a cell a quotation mark would take the cells after it in
  return text.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : text;
}
// the clipboard takes the same in several kinds, and whoever pastes takes what it knows
function copied(kinds) {
  document.addEventListener("copy", (event) => {
    for (const [kind, text] of Object.entries(kinds)) event.clipboardData.setData(kind, text);
    event.preventDefault();
  }, { once: true });
  return document.execCommand("copy");
}
const both = (chinese, english) => (document.documentElement.lang === "en" ? english : `${chinese} ${english}`);
const said = (done) => (done ? both("已复制", "Copied") : both("不能复制", "Not copied"));
function button_of(name, label) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "copy";
  made.textContent = name;
  if (label) made.setAttribute("aria-label", label);
  return made;
}
for (const box of document.querySelectorAll(".scroll:has(table)")) {
  const copy = button_of(both("复制表格", "Copy"));
  copy.addEventListener("click", () => {
    const rows = [...box.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => plain(cell.textContent)).join("\t"));
    copy.textContent = said(copied({ "text/plain": rows.join("\n") }));
  });
  const table = document.createElement("div");
  table.className = "table";
  box.before(table);
  table.append(copy, box);
}

// a chart as a file of its own: it leads nowhere, and is as large as it was drawn
function drawn(chart, style) {
  const svg = [...chart.querySelectorAll("svg")].find((one) => one.getClientRects().length).cloneNode(true);
  for (const name of ["class", "role", "aria-label"]) svg.removeAttribute(name);
  for (const link of svg.querySelectorAll("a")) {
    const group = document.createElementNS(svg.namespaceURI, "g");
    group.append(...link.childNodes);
    link.replaceWith(group);
  }
  if (style) svg.prepend(Object.assign(document.createElementNS(svg.namespaceURI, "style"), { textContent: style }));
  return new XMLSerializer().serializeToString(svg);
}
function picture(chart) {
  // a picture has no other letters than its own
  const fonts = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule);
  const image = new Image();
  const loaded = new Promise((done, failed) => { image.onload = done; image.onerror = failed; });
  image.src = `data:image/svg+xml,${encodeURIComponent(drawn(chart, fonts.map((rule) => rule.cssText).join("")))}`;
  return loaded.then(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 3 * image.width;
    canvas.height = 3 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  });
}
function values(chart) {
  const told = chart.querySelector("svg > desc");
  return told ? told.textContent.split("\n").map((row) => row.split("\t").map(plain)) : [];
}
function csv(rows) {
  const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}
function grid(rows) {
  const table = document.createElement("table");
  for (const row of rows) for (const [at, text] of row.entries()) (at ? table.rows[table.rows.length - 1] : table.insertRow()).insertCell().textContent = text;
  return table.outerHTML;
}
async function copied_picture(chart) {
  const canvas = await picture(chart);
  try {
    const blob = new Promise((done) => canvas.toBlob(done));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    return said(true);
  } catch {
    // where no picture may be copied, it is saved
    Object.assign(document.createElement("a"), { href: canvas.toDataURL(), download: "chart.png" }).click();
    return both("已存为文件", "Saved");
  }
}
for (const chart of document.querySelectorAll("figure.chart")) {
  const bar = document.createElement("div");
  bar.className = "copies";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  const ways = {
    SVG: () => { const text = drawn(chart); return said(copied({ "text/plain": text, "image/svg+xml": text })); },
    PNG: () => copied_picture(chart),
  };
  if (values(chart).length) ways.CSV = () => said(copied({ "text/plain": csv(values(chart)), "text/html": grid(values(chart)) }));
  bar.append(told, both("复制", "Copy"));
  for (const [name, way] of Object.entries(ways)) {
    const copy = button_of(name, both(`复制为 ${name}`, `Copy as ${name}`));
    copy.addEventListener("click", async () => (told.textContent = await way()));
    bar.append(copy);
  }
  chart.append(bar);
}
