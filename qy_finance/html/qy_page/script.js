"use strict";
const button = document.getElementById("code");
const blocks = document.querySelectorAll("details.code");
if (button && blocks.length) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    for (const block of blocks) block.open = open;
  });
}
// on a narrow screen the contents start folded
const contents = document.querySelector("nav details");
if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;
