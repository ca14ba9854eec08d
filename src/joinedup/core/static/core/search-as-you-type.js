// <form method="post" data-search-as-you-type data-target="#results">: sends the form while the person types and puts
// the server's fragment into the results region. Names travel in the body of a POST, never in an address.
// Without scripts the form is an ordinary one with a button.
//
// The region should be <div id="results" data-noun="person" data-plural="people">. A fragment may say how many it
// holds with data-count on any element; otherwise rows of its table, or list items, are counted. Only that count is
// announced. An answer to what has been changed since is dropped.

import { autosave } from "./autosave.js";

const PAUSE_MS = 250;
const TROUBLE = "Results do not come while you type just now. Press the search button.";

export function searchAsYouType(form) {
  const target = document.querySelector(form.dataset.target);
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (!target || !window.fetch) return;

  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  form.append(status);

  let timer = 0;
  let running = null;
  let sent = asText(form);

  async function search() {
    const now = asText(form);
    if (now === sent) return;
    sent = now;
    running?.abort();
    const mine = (running = new AbortController());
    target.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-CSRFToken": token?.value ?? "", "X-Requested-With": "XMLHttpRequest", Accept: "text/html" },
        credentials: "same-origin",
        redirect: "error",
        signal: mine.signal,
      });
      const html = await response.text();
      if (mine.signal.aborted) return;
      if (!response.ok) throw new Error(String(response.status));
      target.innerHTML = html;
      target.querySelectorAll("form[data-autosave]").forEach(autosave);
      status.textContent = announcement(target);
    } catch (error) {
      if (error.name === "AbortError") return;
      sent = null;
      status.textContent = TROUBLE;
      const told = document.createElement("p");
      told.className = "govuk-body";
      told.textContent = TROUBLE;
      target.replaceChildren(told);
    } finally {
      if (running === mine) target.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running?.abort();
  });
  form.dataset.searches = "true"; // from here on typing searches
}

function asText(form) {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
}

function announcement(region) {
  const told = region.querySelector("[data-count]");
  const count = told ? Number(told.dataset.count) : region.querySelectorAll("tbody tr, li").length;
  const noun = region.dataset.noun ?? "result";
  const plural = region.dataset.plural ?? `${noun}s`;
  return count === 0 ? `No ${plural} found` : `${count} ${count === 1 ? noun : plural} found`;
}
