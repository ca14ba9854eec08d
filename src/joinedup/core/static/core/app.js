// Starts what makes pages nicer. Every page works without it.
import { initAll } from "./govuk/govuk-frontend.min.js";
import { autosave } from "./autosave.js";
import { guardLeaving } from "./leave-guard.js";
import { liveFigures } from "./live-figures.js";
import { followProgress } from "./progress.js";
import { searchAsYouType } from "./search-as-you-type.js";

initAll();
dropExpandedFromRadios();
document.addEventListener("click", dropExpandedFromRadios);
window.addEventListener("pageshow", dropExpandedFromRadios);
document.querySelectorAll("form[data-leave-guard]").forEach(guardLeaving);
document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("form[data-search-as-you-type]").forEach(searchAsYouType);
document.querySelectorAll("form[data-live]").forEach(liveFigures);
document.querySelectorAll("[data-progress]").forEach(followProgress);
// By then the scripts of single pages have run as well, so whatever answers keys and presses is in place.
document.addEventListener("DOMContentLoaded", () => { document.documentElement.dataset.ready = "true"; });

// GOV.UK Frontend gives radios that reveal a question aria-expanded, which ARIA does not allow on a radio.
function dropExpandedFromRadios() {
  document.querySelectorAll(".govuk-radios__input[aria-expanded]").forEach((radio) => radio.removeAttribute("aria-expanded"));
}
