// Numbers as text, the same everywhere.

/** Three significant digits, a minus sign that lines up, a dash for what is not defined. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  let text;
  if (size === 0) text = "0";
  else if (size >= 1e5 || size < 1e-4) text = rounded.toExponential(digits - 1);
  else text = rounded.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return text.replaceAll("-", "\u2212");
}

/** A number in a cell of its colour: two digits, and 0 for what no colour would show. */
export const inCell = (value, { low, high }) => (
  Math.abs(value) < Math.max(Math.abs(low), Math.abs(high)) / 200 ? "0" : number(value, 2)
);

/** Ticks and steps: no more digits than the number has. */
export const short = (value) => String(Number(value.toPrecision(6))).replaceAll("-", "\u2212");

/** Fixed places, for columns. */
export const fixed = (value, places = 3) => (
  value === null || value === undefined || !Number.isFinite(value)
    ? "–"
    : value.toFixed(places).replace("-", "\u2212")
);

/** An interval, or nothing where there is none. */
export const interval = (low, high) => (
  low === null || low === undefined || high === null || high === undefined ? "no interval" : `${number(low)} to ${number(high)}`
);

/** "1 prompt", "2 prompts". */
export const count = (amount, noun) => `${amount} ${noun}${amount === 1 ? "" : "s"}`;

/** A head as the field writes it. */
export const headName = (layer, head) => `L${layer}H${head}`;

/** A token so that its spaces and line ends can be seen. */
export function tokenText(text) {
  if (text === "") return "∅";
  const shown = text.replace(/\n/g, "⏎").replace(/\t/g, "⇥");
  return shown.trim() === "" ? shown.replace(/ /g, "␣") : shown;
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  const power = Math.min(3, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toPrecision(3)} ${["B", "kB", "MB", "GB"][power]}`;
}
