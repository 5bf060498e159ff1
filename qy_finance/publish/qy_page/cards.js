
// a click on a number opens a card: where it is printed, or how it was computed. Other clicks follow the link
const dialog = document.getElementById("card");
const told = JSON.parse(document.getElementById("cards").textContent);
let strips;
let opener;
let opened = []; // cards that lie below each other, the one that is seen last

function make(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const part of content) made.append(typeof part === "string" ? say(part) : part);
  return made;
}
// on an English page what is Chinese says so
function say(text) {
  const said = document.createDocumentFragment();
  for (const part of document.documentElement.lang === "en" ? text.split(/([\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+)/) : [text]) {
    if (/^[\u2e80-\uffef]/.test(part)) said.append(Object.assign(document.createElement("span"), { lang: "zh", textContent: part }));
    else said.append(part);
  }
  return said;
}
function press(text, act) {
  const button = make("button", "figure", text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
function look_up(address) {
  if (beside !== "source") return "";
  const link = make("a", "", told.words.source);
  link.href = address;
  return make("p", "to", link);
}
function placed(report, place) {
  return told.reports.length > 1 ? `${told.reports[report][1]} · ${place}` : place;
}
function figure_card(at) {
  const [id, report, name, number, place, passage, start, end, strip, box, said] = told.figures[at];
  const card = make("div", "", make("h2", "", name), make("p", "number", number));
  card.append(make("p", "place", `${told.words.printed} · ${placed(report, place)}`));
  if (said) card.append(make("p", "said", told.words.said + said));
  const text = told.passages[passage];
  const quote = make("blockquote", "", text.slice(0, start), make("mark", "", text.slice(start, end)), text.slice(end));
  quote.dir = "auto";
  card.append(quote);
  strips ??= JSON.parse(document.getElementById("strips").textContent);
  if (strips[strip]) card.append(picture_of(strips[strip], box));
  else if (strip >= 0) card.append(make("p", "lost", told.words.lost));
  card.append(look_up(`${told.reports[report][0]}#n${id}`));
  card.dataset.name = name;
  return card;
}
function picture_of([address, width, height], [left, top, across, down]) {
  const image = Object.assign(new Image(width, height), { src: address, alt: told.words.strip });
  const mark = make("i", "");
  Object.assign(mark.style, { left: `${left}%`, top: `${top}%`, width: `${across}%`, height: `${down}%` });
  const paper = make("div", "paper", image, mark);
  paper.style.minWidth = `${Math.round(width / 1.5)}px`;
  const box = make("div", "strip", paper);
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", told.words.strip);
  box.dataset.at = (left + across / 2) / 100;
  return box;
}
function number_card(link) {
  const [figures, pieces] = told.numbers[link.dataset.card];
  const known = figures.filter((at) => at >= 0);
  if (!pieces.length && known.length === 1 && figures.length === 1) return figure_card(known[0]);
  const shown = (link.querySelector("text") ?? link).textContent.trim();
  const card = make("div", "");
  card.dataset.name = shown;
  if (pieces.length) {
    const formula = make("p", "formula");
    for (const piece of pieces) {
      if (typeof piece === "string") formula.append(say(piece));
      else if (piece[1] < 0) formula.append(piece[0]);
      else formula.append(press(piece[0], () => open(figure_card(piece[1]))));
    }
    card.append(formula);
  } else if (shown) card.append(make("p", "number", shown));
  if (known.length) {
    const list = make("ol", "");
    for (const at of known) {
      const [, report, name, number, place] = told.figures[at];
      list.append(make("li", "", `${name} `, press(number, () => open(figure_card(at))), " ", make("small", "", placed(report, place))));
    }
    const computed = link.classList.contains("computed");
    card.append(make("p", "place", `${computed ? told.words.computed : told.words.printed} (${known.length})`), list);
  }
  if (known.length < figures.length) card.append(make("p", "told", link.title ?? link.querySelector("title").textContent));
  card.append(look_up(link.dataset.source));
  return card;
}
function open(card) {
  opened.push(card);
  show_card();
}
function show_card() {
  const card = opened[opened.length - 1];
  const close = press("×", () => dialog.close());
  close.className = "close";
  close.setAttribute("aria-label", told.words.close);
  dialog.replaceChildren(close, card);
  if (opened.length > 1) {
    const back = press(`← ${told.words.back}`, () => { opened.pop(); show_card(); });
    back.className = "back";
    dialog.prepend(back);
  }
  dialog.setAttribute("aria-label", card.dataset.name);
  if (!dialog.open) dialog.showModal();
  place_card();
  dialog.scrollTop = 0;
  dialog.focus({ preventScroll: true });
  for (const strip of dialog.querySelectorAll(".strip")) strip.scrollLeft = strip.dataset.at * strip.scrollWidth - strip.clientWidth / 2;
}
// beside its number; on a phone at the bottom, with the number above it
function place_card() {
  const number = opener.getBoundingClientRect();
  const sheet = matchMedia("(max-width: 40rem)").matches;
  const { offsetWidth: width, offsetHeight: height } = dialog;
  if (sheet) {
    dialog.style.left = dialog.style.top = "";
    const below = number.bottom - (innerHeight - height) + 16;
    if (below > 0) scrollBy(0, below);
    return;
  }
  const top = number.bottom + 8 + height < innerHeight || number.top - 8 < height ? number.bottom + 8 : number.top - 8 - height;
  dialog.style.left = `${Math.max(8, Math.min(number.left, innerWidth - width - 24))}px`;
  dialog.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}
function look(event) {
  const link = event.target.closest("a.src");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  opener = link;
  opened = [];
  open(number_card(link));
}
document.addEventListener("click", look);
document.addEventListener("keydown", (event) => {
  // without the page that it would lead to, a number is no link, and still a button
  if ((event.key === "Enter" || event.key === " ") && event.target.matches?.("a.src:not([href])")) look(event);
});
dialog.addEventListener("click", (event) => {
  if (event.target !== dialog) return;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  if (x < left || x > right || y < top || y > bottom) dialog.close();
});
dialog.addEventListener("close", () => opener.focus({ preventScroll: true }));
for (const link of document.querySelectorAll("a.src")) {
  link.dataset.source = link.getAttribute("href");
  link.setAttribute("aria-haspopup", "dialog");
}

// a picture beside the page tells whether the source page is there that it was made with, another whether its folder is
let beside = "";
const note = document.getElementById("alone");
function probe(name, found, lost) {
  const beacon = document.createElement("object");
  beacon.type = "image/svg+xml";
  beacon.width = beacon.height = 0;
  for (const [kind, act] of [["load", found], ["error", lost]]) {
    beacon.addEventListener(kind, () => {
      beacon.remove();
      act();
    });
  }
  beacon.data = name;
  document.body.append(beacon);
}
function without(what, links) {
  beside = what;
  note.textContent = told.words[what];
  note.hidden = false;
  for (const link of document.querySelectorAll(links)) {
    link.removeAttribute("href");
    if (!link.matches(".src")) continue;
    link.setAttribute("role", "button");
    if (!link.hasAttribute("tabindex")) link.setAttribute("tabindex", "0");
  }
}
const OURS = "a.src, header a.sources";
probe(
  note.dataset.witness,
  () => (beside = "source"),
  () => probe("here.svg", () => without("changed", OURS), () => without("alone", `${OURS}, a[href]:not([href^="#"], [href^="mailto:"], [href^="data:"])`)),
);
