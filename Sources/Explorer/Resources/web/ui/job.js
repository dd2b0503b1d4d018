// Long work on a part of a page: a bar while it goes on, a button that cancels it, what came of it in its place.
import { Cancelled, work } from "../api.js";
import { announce } from "./announcer.js";
import { button } from "./controls.js";
import { el, replace } from "./dom.js";
import { errorState } from "./states.js";

const running = new WeakMap();

function progressPanel(label, onCancel) {
  const bar = el("progress", { "aria-label": label });
  const text = el("span", { class: "step" }, "waiting");
  const node = el(
    "div",
    { class: "state job", role: "group", "aria-label": label },
    el("p", {}, label),
    el("div", { class: "job-row" }, bar, text, button("Cancel", onCancel, { class: "cancel" })),
  );
  let told = 0;
  return {
    node,
    update({ step, done, total }) {
      if (total > 0) {
        bar.max = total;
        bar.value = done;
      } else {
        bar.removeAttribute("value");
      }
      text.textContent = total > 0 ? `${step}, ${done} of ${total}` : step;
      // Screen readers get a tenth now and then, not every prompt.
      const share = total > 0 ? Math.floor((4 * done) / total) : 0;
      if (share > told) {
        told = share;
        announce(`${label}: ${25 * share} percent`);
      }
    },
  };
}

/**
 * Runs an analysis and shows it in a part of the page. What ran there before is cancelled.
 * @param {HTMLElement} host
 * @param {object} context the page
 * @param {{command: string, question: object, label: string}} asked
 * @param {(result: object, id: string, signal: AbortSignal) => void} show draws into the emptied host; its signal ends with the next run
 */
export async function runJob(host, context, asked, show) {
  running.get(host)?.abort();
  const own = new AbortController();
  running.set(host, own);
  const signal = AbortSignal.any([context.signal, own.signal]);
  const again = () => runJob(host, context, asked, show);
  const panel = progressPanel(asked.label, () => own.abort(new Cancelled()));
  // What takes a moment only does not flash a bar; it keeps the last picture instead.
  host.setAttribute("aria-busy", "true");
  const appears = setTimeout(() => replace(host, panel.node), host.childElementCount ? 120 : 0);
  const isCurrent = () => running.get(host) === own && !context.signal.aborted;
  try {
    const { id, result } = await work(
      { command: asked.command, model: context.model, question: asked.question },
      signal,
      {
        // By its id the same numbers are had from the API.
        onStarted: (started) => { if (isCurrent()) host.dataset.work = started; },
        onProgress: (progress) => panel.update(progress),
      },
    );
    clearTimeout(appears);
    if (!isCurrent()) return;
    replace(host);
    show(result, id, signal);
    announce(`${asked.label}: done`);
  } catch (error) {
    clearTimeout(appears);
    if (!isCurrent()) return;
    if (error instanceof Cancelled || error.name === "AbortError") {
      replace(host, el("div", { class: "state empty" }, el("p", {}, `${asked.label}: cancelled.`), button("Run again", again)));
      announce("Cancelled");
    } else {
      replace(host, errorState(error, again));
    }
  } finally {
    if (isCurrent()) host.removeAttribute("aria-busy");
  }
}
