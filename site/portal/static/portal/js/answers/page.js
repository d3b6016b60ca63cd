// Saves answers, findings, remarks and replies automatically. Without script, the page is submitted as one form.
import { blocks } from "./block.js";
import "./waiting.js";
import "./asking.js";
import "./uploads.js";

const LONGEST = 5000; // ms that a form waits for saves that are under way
const form = document.getElementById("page-form");
let isSettled = false;

/** Submit once the texts of the page are saved: the next page would otherwise show older ones. */
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
    // Evidence, unresolved texts and handing over are submitted to the server.
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
  // Leave out the fields that are saved automatically.
  for (const { element } of blocks) {
    for (const control of element.querySelectorAll("[name]"))
      if (!control.matches("button")) event.formData.delete(control.name);
  }
});
