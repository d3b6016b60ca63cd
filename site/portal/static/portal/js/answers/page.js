// Saves answers, findings, remarks and replies by themselves. Without these files their page posts as one form.
import { blocks } from "./block.js";
import "./waiting.js";
import "./asking.js";
import "./uploads.js";

const LONGEST = 5000; // ms that a form waits for words that are on their way
const form = document.getElementById("page-form");
let isSettled = false;

/** Submit once the words of the page are saved: a page drawn before that would show what stood there earlier. */
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
    // evidence, texts that were kept, handing over: the server's part
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
  // what saves itself does not go with it
  for (const { element } of blocks) {
    for (const control of element.querySelectorAll("[name]"))
      if (!control.matches("button")) event.formData.delete(control.name);
  }
});
