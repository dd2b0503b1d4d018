// Light, dark, or as the system has it.
import { el } from "./dom.js";

const choices = [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]];
const listeners = new Set();

const system = matchMedia("(prefers-color-scheme: dark)");
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
  const chosen = document.documentElement.dataset.theme;
  return chosen === "dark" || (chosen !== "light" && system.matches);
}

/** Calls back when colours change, until the signal ends it: what is painted on a canvas has to be painted again. */
export function onThemeChange(act, signal) {
  listeners.add(act);
  signal?.addEventListener("abort", () => listeners.delete(act));
}

function choose(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem("induct.theme", name);
  } catch {
    // Nothing to do: see above.
  }
  for (const act of listeners) act();
}

/** Fills the switch in the header. */
export function startTheme(host) {
  if (host.childElementCount) return;
  const now = choices.some(([name]) => name === stored()) ? stored() : "auto";
  if (now !== "auto") document.documentElement.dataset.theme = now;
  for (const [name, label] of choices) {
    host.append(el(
      "label",
      {},
      el("input", { type: "radio", name: "theme", value: name, checked: name === now, onchange: () => choose(name) }),
      el("span", {}, label),
    ));
  }
  system.addEventListener("change", () => listeners.forEach((act) => act()));
}
