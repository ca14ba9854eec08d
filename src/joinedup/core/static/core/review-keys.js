// Keys for working through possible matches. Every page works without them, and they can be switched off.
const page = document.querySelector("[data-review-keys]");
const OUTCOMES = { l: "link", k: "apart", s: "second" };

const isTyping = (target) => target.closest("textarea, select, input:not([type=radio])") !== null;

function choose(value) {
  const radio = page.querySelector(`input[name="outcome"][value="${value}"]`);
  if (!radio) return;
  radio.click();
  const first = page.querySelector(`input[name="reason_${value}"]`);
  (page.querySelector(`input[name="reason_${value}"]:checked`) ?? first ?? radio).focus();
}

function reason(number) {
  const outcome = page.querySelector('input[name="outcome"]:checked');
  const radio = outcome && page.querySelectorAll(`input[name="reason_${outcome.value}"]`)[number - 1];
  if (!radio) return;
  radio.click();
  radio.focus();
}

function act(key) {
  if (key in OUTCOMES) choose(OUTCOMES[key]);
  else if (/^[1-9]$/.test(key)) reason(Number(key));
  else if (key === "n") page.querySelector("[data-review-next]")?.click();
  else if (key === "u") page.querySelector("[data-review-undo]")?.requestSubmit();
  else if (key === "m") page.querySelector('a[href$="#model"]')?.click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!page || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});
