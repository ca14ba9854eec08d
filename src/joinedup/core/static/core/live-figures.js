// <form method="get" data-live="ADDRESS" data-target="#region">: asks the server for the region again while the answers
// change, so that its figures move. The same answers sent with the button give the same page. Nothing is changed by asking.
// A fragment says in data-says, on any element, what its figures are in a sentence: that is shown beside the form and
// announced. An answer to what has been changed since is dropped. Number fields named change_… get a slider beside them,
// up to data-slider-most pounds either way.

const PAUSE_MS = 200;
const TROUBLE = "The figures do not move just now. Press the button.";
const pounds = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP", maximumFractionDigits: 0 });

export function liveFigures(form) {
  const target = document.querySelector(form.dataset.target);
  if (!target || !window.fetch) return;

  const status = document.createElement("p");
  status.className = "app-live";
  status.setAttribute("role", "status");
  form.append(status);
  const most = Number(form.dataset.sliderMost ?? 0);
  if (most > 0) form.querySelectorAll("input[name^='change_']").forEach((field) => addSlider(field, most));

  let timer = 0;
  let running = null;
  let sent = asQuery(form);

  async function look() {
    const now = asQuery(form);
    if (now === sent) return;
    sent = now;
    running?.abort();
    const mine = (running = new AbortController());
    target.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(`${form.dataset.live}?${now}`, {
        headers: { "X-Requested-With": "XMLHttpRequest", Accept: "text/html" },
        credentials: "same-origin",
        redirect: "error",
        signal: mine.signal,
      });
      const html = await response.text();
      if (mine.signal.aborted) return;
      if (!response.ok) throw new Error(String(response.status));
      target.innerHTML = html;
      status.textContent = target.querySelector("[data-says]")?.dataset.says ?? "";
      window.history.replaceState(null, "", `?${now}`);
    } catch (error) {
      if (error.name === "AbortError") return;
      sent = null;
      status.textContent = TROUBLE;
    } finally {
      if (running === mine) target.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  form.dataset.moves = "true"; // from here on changes are looked up
}

function addSlider(field, most) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "app-slider";
  slider.min = String(-most);
  slider.max = String(most);
  slider.step = String(Math.max(most / 100, 1));
  const label = labelOf(field);
  slider.setAttribute("aria-label", `${label}, as a slider`);
  const follow = () => {
    const typed = Number(field.value.replace(/[£,\s]/g, "")) || 0;
    slider.value = String(typed);
    slider.setAttribute("aria-valuetext", pounds.format(typed));
  };
  follow();
  slider.addEventListener("input", () => {
    field.value = slider.value === "0" ? "" : slider.value;
    slider.setAttribute("aria-valuetext", pounds.format(Number(slider.value)));
  });
  field.addEventListener("input", follow);
  (field.closest(".govuk-input__wrapper") ?? field).after(slider);
}

function labelOf(field) {
  return (field.labels?.[0]?.textContent ?? "").trim().replace(/\s*\(optional\)$/, "");
}

function asQuery(form) {
  return new URLSearchParams(new FormData(form)).toString();
}
