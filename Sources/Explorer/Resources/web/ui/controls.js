// Fields of the forms above the drawings.
import { el } from "./dom.js";

/** A menu of [value, text] pairs. */
export function menu(label, options, value, onChange) {
  return el(
    "label",
    { class: "field" },
    el("span", {}, label),
    el(
      "select",
      { onchange: (event) => onChange(event.target.value) },
      options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
    ),
  );
}

/** A number between bounds; called back when it is settled. */
export function numberField(label, { value, min = 0, max, step = 1 }, onChange) {
  return el(
    "label",
    { class: "field" },
    el("span", {}, label),
    el("input", {
      type: "number", value: String(value), min, max, step,
      onchange: (event) => {
        const input = event.target;
        const wanted = Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : value;
        const kept = Math.min(max ?? Infinity, Math.max(min, wanted));
        input.value = String(kept);
        onChange(kept);
      },
    }),
  );
}

let groups = 0;
/** A few choices side by side; arrow keys go through them. */
export function segments(label, options, value, onChange) {
  const name = `segments-${++groups}`;
  return el(
    "div",
    { class: "segments", role: "radiogroup", "aria-label": label },
    options.map(([key, text, hint]) => el(
      "label",
      { title: hint ?? null },
      el("input", { type: "radio", name, value: key, checked: key === value, onchange: () => onChange(key) }),
      el("span", {}, text),
    )),
  );
}

/** A line of text; Enter or leaving the field settles it. */
export function textField(label, value, onChange, attributes = {}) {
  return el(
    "label",
    { class: "field wide" },
    el("span", {}, label),
    el("input", { type: "text", value, spellcheck: "false", autocomplete: "off", onchange: (event) => onChange(event.target.value), ...attributes }),
  );
}

export const button = (text, act, attributes = {}) => el("button", { type: "button", onclick: act, ...attributes }, text);

export const toolbar = (...children) => el("div", { class: "toolbar" }, children);
