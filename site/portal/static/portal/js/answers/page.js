// Saves answers, findings, remarks and replies automatically. Without these files their page is submitted as one form.
import { blocks } from "./block.js";
import "./waiting.js";
import "./asking.js";
import "./uploads.js";

const LONGEST = 5000; // ms that a form waits for texts that are being saved
const form = document.getElementById("page-form");
let isSettled = false;

/** Submit once the texts of the page are saved; a page rendered earlier would show their previous versions. */
const submitSettled = async (submitter) => {
  const saves = Promise.all(blocks.map((block) => block.flush()));
  await Promise.race([
    saves,
    new Promise((resolve) => {
      setTimeout(resolve, LONGEST);
    }),
  ]);
  isSettled = true;
  form.requestSubmit(submitter);
  isSettled = false;
};

form?.addEventListener("submit", (event) => {
  const block = blocks.find((one) => one.element.contains(event.submitter));
  if (event.submitter?.matches("[data-goes-on]")) {
    // evidence, unresolved texts and submissions are handled by the server
    if (isSettled || blocks.every((one) => one.entry === null)) return;
    event.preventDefault();
    submitSettled(event.submitter);
    return;
  }
  event.preventDefault();
  if (block) {
    block.note();
    block.flush();
  }
});
form?.addEventListener("formdata", (event) => {
  // the blocks save their controls themselves
  for (const { element } of blocks) {
    for (const control of element.querySelectorAll("[name]"))
      if (!control.matches("button")) event.formData.delete(control.name);
  }
});
