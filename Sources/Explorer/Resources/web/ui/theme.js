// Light, dark, or as the system has it: when the stylesheet of the dark colours holds.
import { el } from "./dom.js";

const choices = [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]];
const media = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
const sheet = document.getElementById("dark");
const listeners = new Set();
const tell = () => listeners.forEach((act) => act());

// Storage can be forbidden; the choice then lasts as long as the page.
const stored = () => {
  try {
    return localStorage.getItem("induct.theme");
  } catch {
    return null;
  }
};

/** Whether dark is shown now. */
export function isDark() {
  return matchMedia(sheet.media).matches;
}

/** Calls back when colours change, until the signal ends it: what is painted on a canvas has to be painted again. */
export function onThemeChange(act, signal) {
  listeners.add(act);
  signal?.addEventListener("abort", () => listeners.delete(act));
}

function choose(name) {
  sheet.media = media[name];
  try {
    localStorage.setItem("induct.theme", name);
  } catch {
    // Nothing to do: see above.
  }
  tell();
}

/** Fills the switch in the header. */
export function startTheme(host) {
  if (host.childElementCount) return;
  const now = choices.some(([name]) => name === stored()) ? stored() : "auto";
  sheet.media = media[now];
  for (const [name, label] of choices) {
    host.append(el(
      "label",
      {},
      el("input", { type: "radio", name: "theme", value: name, checked: name === now, onchange: () => choose(name) }),
      el("span", {}, label),
    ));
  }
  matchMedia(media.auto).addEventListener("change", tell);
  // What does not hold when the page comes is fetched last: what was painted before it came is painted again.
  sheet.addEventListener("load", tell);
}
