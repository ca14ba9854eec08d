// Warns before a long form is left with words in it that were not sent.
// <form data-leave-guard>; data-leave-guard="dirty" counts as changed from the start (a conflict page).

import { isTypedInto } from "./autosave.js";

const snapshot = (form) =>
  JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value.name ?? value]));

export function guardLeaving(form) {
  let before = form.dataset.leaveGuard === "dirty" || isTypedInto(form) ? null : snapshot(form);
  let sending = false;

  form.addEventListener("submit", () => { sending = true; });
  // Autosave says when everything so far is safe.
  form.addEventListener("joinedup:saved", () => { before = snapshot(form); });
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && snapshot(form) !== before) event.preventDefault();
  });
}
