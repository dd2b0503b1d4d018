// Tokens as chips in reading order. One chip is in the tab order; arrow keys go through the others.
import { el } from "./dom.js";
import { tokenText } from "./format.js";
import { onThemeChange } from "./theme.js";

/**
 * @param {object} options
 * @param {{id: number, text: string}[]} options.tokens
 * @param {string} options.label
 * @param {number|null} [options.selected]
 * @param {(index: number) => void} [options.onSelect] click or Enter
 * @param {(index: number|null) => void} [options.onPoint] pointer or focus
 * @param {(index: number) => string|null} [options.mark] a class for a chip
 * @param {AbortSignal} [options.signal] ends what chips that are coloured listen to
 */
export function tokenChips({ tokens, label, selected = null, onSelect, onPoint, mark, signal }) {
  const chips = tokens.map((token, index) => el(
    "button",
    {
      type: "button",
      class: ["chip", mark?.(index)].filter(Boolean).join(" "),
      tabindex: index === (selected ?? 0) ? 0 : -1,
      "aria-pressed": index === selected ? "true" : "false",
      title: `position ${index}, id ${token.id}`,
      onclick: () => onSelect?.(index),
      onpointerenter: () => onPoint?.(index),
      onfocus: () => onPoint?.(index),
    },
    el("span", { class: "chip-text" }, tokenText(token.text)),
    el("span", { class: "chip-place", "aria-hidden": "true" }, index),
  ));
  let shaded = null;
  const paint = () => chips.forEach((chip, index) => {
    const value = shaded?.values[index];
    chip.style.backgroundColor = value === undefined ? "" : shaded.scale.css(value);
    chip.style.color = value === undefined ? "" : shaded.scale.ink(value);
  });
  if (signal) onThemeChange(paint, signal);
  const focus = (index) => {
    const target = chips[Math.min(chips.length - 1, Math.max(0, index))];
    for (const chip of chips) chip.tabIndex = chip === target ? 0 : -1;
    target.focus();
  };
  const node = el("div", {
    class: "chips",
    role: "toolbar",
    "aria-label": label,
    onpointerleave: () => onPoint?.(null),
    onkeydown: (event) => {
      const at = chips.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: chips.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      focus(to);
    },
  }, chips);
  return {
    node,
    select(index) {
      chips.forEach((chip, place) => {
        chip.setAttribute("aria-pressed", place === index ? "true" : "false");
        chip.tabIndex = place === (index ?? 0) ? 0 : -1;
      });
    },
    /** Colours chips by a value each; null takes the colours away. */
    shade(values, scale) {
      shaded = values && { values, scale };
      paint();
    },
    /** Gives chips a class while others lose it. */
    flag(name, indices) {
      chips.forEach((chip, index) => chip.classList.toggle(name, indices.includes(index)));
    },
  };
}

/**
 * Where each token ends in a text, so that the text can be cut after it; null for tokens that are not in it, such as BOS.
 * @returns {({from: number, to: number}|null)[]}
 */
export function tokenSpans(text, tokens) {
  let cursor = 0;
  return tokens.map((token, index) => {
    const wanted = token.text.trim() || token.text;
    const at = wanted === "" ? -1 : text.indexOf(wanted, cursor);
    // Only white space may stand between two tokens; anything else says that this token is not in the text.
    if (at < 0 || text.slice(cursor, at).trim() !== "" || (index === 0 && /^<.*>$/.test(wanted) && !text.startsWith(wanted))) return null;
    cursor = at + wanted.length;
    return { from: at, to: cursor };
  });
}
