// Saves answers, findings and remarks by themselves. Without these files their page posts as one form.
import { blocks } from "./block.js";
import "./waiting.js";
import "./asking.js";

const form = document.getElementById("page-form");
form?.addEventListener("submit", (event) => {
  const block = blocks.find((one) => one.element.contains(event.submitter));
  if (event.submitter?.matches("[data-goes-on]")) return; // evidence, and texts that were kept: the server's part
  event.preventDefault();
  if (block) { block.note(); block.flush(); }
});
form?.addEventListener("formdata", (event) => { // what saves itself does not go with it
  for (const { element } of blocks) {
    for (const control of element.querySelectorAll("[name]")) if (!control.matches("button")) event.formData.delete(control.name);
  }
});
