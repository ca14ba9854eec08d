// Keeps a form on the server while somebody types: <form data-autosave="/drafts/save/" data-autosave-token="/drafts/token/">.
// A change is saved 1.5 seconds after the last key, at most 3 seconds after the first, and when a field or the page is
// left. Nothing is ever put into the browser's storage. Without this script there is a button that saves.

const PAUSE_MS = 1500;
const LONGEST_MS = 3000;
const AGAIN_MS = 3000;
const PATIENCE_MS = 20000; // a connection that hangs is given up: what waits for its answer would wait for ever
const OWN = ["csrfmiddlewaretoken", "_draft", "_draft_form", "_draft_about", "_draft_holder", "_draft_version", "_draft_page", "_draft_opened"];

export function autosave(form) {
  const address = form.dataset.autosave;
  const field = (name) => form.querySelector(`[name="${name}"]`);
  const status = form.querySelector("[data-autosave-status]") ?? document.createElement("p");
  const trouble = form.querySelector("[data-autosave-trouble]") ?? document.createElement("div");
  if (!window.fetch || !field("_draft")) return;

  let saved = isTypedInto(form) ? "" : asText(form);
  let changedAt = 0; // when the first change was made that is not saved yet
  let timer = 0;
  let running = null;
  let isSending = false;
  let isCutOff = false; // nobody answered the last time something was to be kept
  let isTrying = false; // it is being asked whether anybody answers, before the form is sent
  let isReached = false; // somebody answered just now: what was held back is sent
  let lastSaved = "";

  function changed() {
    if (isSending) return;
    changedAt ||= Date.now();
    form.toggleAttribute("data-unsaved", true);
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE_MS, changedAt + LONGEST_MS - Date.now())));
  }

  async function save({ isLeaving = false } = {}) {
    clearTimeout(timer);
    const now = asText(form);
    if (isSending || now === saved) { changedAt = 0; form.toggleAttribute("data-unsaved", now !== saved); return; }
    if (running && !isLeaving) { timer = setTimeout(save, 300); return; }
    const began = Date.now();
    const sending = (running = send(isLeaving));
    try {
      const answer = await sending;
      isCutOff = answer.status >= 500; // what stands before a service that is down answers for it
      if (isSending) return;
      if (answer.status === 401) return said(signedOut());
      if (answer.status === 410) return said([text("This form was sent or deleted in another window. What you type here is not kept.")]);
      if (!answer.ok) {
        const told = await answer.json().catch(() => null);
        throw new Error(told?.sentence ?? "");
      }
      const kept = await answer.json();
      field("_draft").value = kept.id;
      field("_draft_version").value = kept.version;
      saved = now;
      changedAt = asText(form) === saved ? 0 : began;
      lastSaved = kept.at;
      status.textContent = `Kept at ${kept.at}. You can leave this page and come back.`;
      said(kept.others.length ? elsewhere(kept) : []);
      if (!changedAt) form.dispatchEvent(new Event("joinedup:saved"));
      form.toggleAttribute("data-unsaved", changedAt !== 0);
      if (changedAt) changed();
    } catch (error) {
      if (isSending) return;
      const isUnheard = error instanceof TypeError || error instanceof DOMException; // no network; or given up
      isCutOff ||= isUnheard;
      said([text(error.message && !isUnheard ? error.message : notKept())]);
      changedAt &&= Date.now(); // tried again in a while, not at every key
      clearTimeout(timer); // whoever only looked at something else comes back to this page: go on trying
      timer = setTimeout(save, AGAIN_MS);
    } finally {
      if (running === sending) running = null;
    }
  }

  async function send(isLeaving) {
    const answer = await post(isLeaving);
    if (isLeaving || (answer.status !== 403 && answer.status !== 401)) return answer;
    // Signed in again in another window: the same person's page takes the new token and goes on.
    return (await isStillTheirs()) ? post(false) : new Response("", { status: 401 });
  }

  // Asks for a new token, and puts it into the page when whoever is signed in is whoever the page was made for.
  async function isStillTheirs() {
    const fresh = await fetch(form.dataset.autosaveToken, {
      credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!fresh.ok) throw new TypeError("The service does not answer.");
    const told = await fresh.json();
    if (told.holder !== field("_draft_holder").value) return false;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => { each.value = told.token; });
    return true;
  }

  function post(isLeaving) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    return fetch(address, {
      method: "POST", body, credentials: "same-origin", redirect: "error", keepalive: isLeaving && body.toString().length < 60000,
      headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" }, signal: isLeaving ? undefined : AbortSignal.timeout(PATIENCE_MS),
    });
  }

  function notKept() {
    const since = lastSaved ? ` since ${lastSaved}` : " yet";
    return navigator.onLine === false
      ? `You are offline. What you typed is not kept${since}, and stays on this page: leave it open. It is kept as soon as you are connected again.`
      : `Not kept${since}: the service does not answer. Leave this page open; we keep trying.`;
  }

  async function tryToSend(submitter) {
    if (isTrying) return;
    isTrying = true;
    said([text("Trying to send…")]);
    try {
      if (!(await isStillTheirs())) { said(signedOut()); return trouble.scrollIntoView({ block: "center" }); }
    } catch {
      isCutOff = true;
      const why = navigator.onLine === false ? "You are offline" : "The service does not answer";
      said([text(`${why}, so this was not sent. What you typed stays on this page: leave it open, and send it when you are connected again.`)]);
      return trouble.scrollIntoView({ block: "center" });
    } finally {
      isTrying = false;
    }
    isReached = true;
    form.requestSubmit(submitter);
    isReached = false;
  }

  // Connected again: what waits is kept at once; where nothing waits, what was said of being cut off is taken back.
  async function reconnected() {
    if (asText(form) !== saved) return save();
    try {
      if (isTrying || !(await isStillTheirs())) return;
      isCutOff = false;
      if (!isTrying) said([]);
    } catch { /* not connected after all: what is said stays true */ }
  }

  function said(nodes) {
    if (trouble.textContent === nodes.map((node) => node.textContent).join("")) return;
    trouble.replaceChildren(...nodes);
  }

  function signedOut() {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = "/account/login/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in again in a new window";
    const line = text(`You were signed out. ${lastSaved ? `What you typed until ${lastSaved} is kept. ` : ""}`);
    line.append(link, ", then come back to this page: your words stay here and are kept again.");
    timer = setTimeout(save, AGAIN_MS);
    return [line];
  }

  function elsewhere(kept) {
    const nodes = [text("This form is open in another window too, and it says something else there. Both are kept.")];
    for (const other of kept.others) {
      const list = document.createElement("dl");
      for (const [question, there, here] of other.differences) {
        const title = document.createElement("dt");
        title.textContent = question;
        const one = document.createElement("dd");
        one.textContent = `There, at ${other.at}: ${there || "(empty)"}`;
        const two = document.createElement("dd");
        two.textContent = `Here: ${here || "(empty)"}`;
        list.append(title, one, two);
      }
      nodes.push(list);
    }
    return nodes;
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", (event) => {
    if (!isReached && (isTrying || isCutOff || navigator.onLine === false)) {
      // Sent now, the page would give way to the browser's own, and the words with it. Ask first whether anybody answers.
      event.preventDefault();
      event.stopImmediatePropagation();
      return tryToSend(event.submitter);
    }
    isReached = false;
    isSending = true;
    clearTimeout(timer);
    if (event.submitter?.name === "save_draft") return;
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) isSending = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else save();
  });
  // Cut off: what is typed is tried, and it is said that it is not kept. Connected again: kept at once.
  window.addEventListener("offline", () => save());
  window.addEventListener("online", reconnected);
  // A link followed while cut off would lose the words: the browser asks first.
  window.addEventListener("beforeunload", (event) => {
    if (isCutOff && !isSending && !isFleeing && asText(form) !== saved) event.preventDefault();
  });
  window.addEventListener("pagehide", leave);

  if (!saved) changed();

  // On a family-facing page "Exit this page" throws the draft away: the next person at this computer finds nothing.
  let isFleeing = false;
  document.querySelectorAll(".govuk-exit-this-page__button, [data-module=govuk-exit-this-page] a").forEach((exit) => {
    exit.addEventListener("click", () => { isFleeing = true; flee(); });
  });
  function leave() {
    if (isFleeing || document.body.classList.contains("govuk-exit-this-page-hide-content")) return flee();
    save({ isLeaving: true });
  }
  function flee() {
    if (isSending || !form.hasAttribute("data-autosave-forget")) return;
    isSending = true;
    const body = new URLSearchParams({ csrfmiddlewaretoken: field("csrfmiddlewaretoken")?.value ?? "" });
    fetch(form.getAttribute("data-autosave-forget"), { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
  }
}

// Whether somebody typed before the scripts had arrived. What the browser itself puts back, after a reload or on the
// way back, does not count.
export function isTypedInto(form) {
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return false;
  return [...form.querySelectorAll("input:not([type=hidden]), textarea")].some((each) =>
    ["checkbox", "radio"].includes(each.type) ? each.checked !== each.defaultChecked : each.value !== each.defaultValue);
}

const text = (words) => {
  const line = document.createElement("p");
  line.className = "govuk-body";
  line.textContent = words;
  return line;
};

const asText = (form) =>
  JSON.stringify([...new FormData(form)].filter(([name, value]) => !OWN.includes(name) && typeof value === "string"));
