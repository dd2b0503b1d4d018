// What stands where there is nothing yet, nothing at all, or something went wrong.
import { el } from "./dom.js";

/** Lines in place of what is being read. */
export function loadingState(text = "Loading") {
  return el(
    "div",
    { class: "state loading", role: "status" },
    el("p", { class: "quiet" }, text),
    el("div", { class: "shimmer", "aria-hidden": "true" }),
  );
}

/** Nothing to show, and what would change that. */
export function emptyState(title, advice) {
  return el("div", { class: "state empty" }, el("h2", {}, title), el("p", {}, advice));
}

/** What went wrong, in the server's words, with a way to try again. */
export function errorState(error, retry) {
  const title = error.code === "busy" ? "The server is busy" : "This did not work";
  return el(
    "div",
    { class: "state error", role: "alert" },
    el("h2", {}, title),
    el("p", {}, error.message.charAt(0).toUpperCase() + error.message.slice(1)),
    retry && el("button", { type: "button", onclick: retry }, "Try again"),
  );
}

/** What the analysis itself remarks on. */
export function notes(list) {
  if (!list?.length) return null;
  return el("ul", { class: "notes", "aria-label": "Notes" }, list.map((note) => el("li", {}, note)));
}
