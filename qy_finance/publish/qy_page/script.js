"use strict";
const said = (chinese, english) => document.documentElement.lang === "en" ? english : chinese;
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

// a picture beside the page tells whether its folder is there, with the source page that it was made with
const alone = document.getElementById("alone");
const beacon = document.createElement("object");
beacon.type = "image/svg+xml";
beacon.width = beacon.height = 0;
beacon.addEventListener("load", () => beacon.remove());
beacon.addEventListener("error", () => {
  beacon.remove();
  alone.hidden = false;
});
beacon.data = alone.dataset.witness;
document.body.append(beacon);

const about = document.getElementById("about");
about.querySelector("button").addEventListener("click", () => (about.hidden = true));
document.addEventListener("click", (event) => {
  const number = event.target.closest("a.src");
  if (!number || alone.hidden) return;
  event.preventDefault();
  about.querySelector("p").innerText = number.title;
  about.hidden = false;
});

// copies go into spreadsheets: plain numbers, and no text that a spreadsheet would compute
const NUMBER = /^[-+]?[\d,]*\d(\.\d+)?$/;
function plain(cell) {
  const text = cell.textContent.trim().replace(/\s+/g, " ");
  if (text === "—") return "";
  if (NUMBER.test(text)) return text.replaceAll(",", "");
  if (/^[=+\-@＝＋－＠]/.test(text)) return `'${text}`;
  // at the start of a cell a quotation mark would take the cells after it in
  return text.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : text;
}
for (const box of document.querySelectorAll(".scroll:has(table)")) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = said("复制表格 Copy", "Copy table");
  copy.addEventListener("click", () => {
    const rows = [...box.querySelectorAll("tr")].map((row) => [...row.cells].map(plain).join("\t"));
    document.addEventListener("copy", (event) => {
      event.clipboardData.setData("text/plain", rows.join("\n"));
      event.preventDefault();
    }, { once: true });
    copy.textContent = document.execCommand("copy") ? said("已复制 Copied", "Copied") : said("不能复制 Not copied", "Not copied");
  });
  const table = document.createElement("div");
  table.className = "table";
  box.before(table);
  table.append(copy, box);
}
