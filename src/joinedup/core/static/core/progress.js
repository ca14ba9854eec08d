// Follows a piece of background work on its page, and loads the page again when it has ended.
// <div data-progress="ADDRESS"> with a <progress>, [data-progress-state], [data-progress-message], [data-progress-count].

const EVERY = 1000;
const number = new Intl.NumberFormat("en-GB");

export function followProgress(box) {
  const bar = box.querySelector("progress");
  const put = (name, text) => {
    const node = box.querySelector(`[data-progress-${name}]`);
    if (node && node.textContent !== text) node.textContent = text;
  };

  const look = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      if (!now.is_under_way) {
        window.location.reload();
        return;
      }
      put("state", now.state);
      put("message", now.message ? `: ${now.message.charAt(0).toLowerCase()}${now.message.slice(1)}` : "");
      if (now.total) {
        bar.max = now.total;
        bar.value = now.done;
        put("count", `${number.format(now.done)} of about ${number.format(now.total)}`);
      }
    } catch {
      put("message", ": waiting for the service to answer");
    }
    window.setTimeout(look, EVERY);
  };
  window.setTimeout(look, EVERY);
}
