// Colour scales, computed in OKLab so that equal steps look equal. Both are told apart with any of the common kinds of
// colour blindness: the sequential one runs evenly in lightness, the diverging one from blue to orange.
import { isDark, onThemeChange } from "./theme.js";

/** Stops as [lightness, chroma, hue in degrees]. Zero is close to the paper in either theme. */
const stops = {
  sequential: {
    light: [[0.975, 0.01, 110], [0.87, 0.09, 125], [0.7, 0.1, 180], [0.5, 0.11, 235], [0.29, 0.1, 275]],
    dark: [[0.27, 0.03, 275], [0.4, 0.1, 270], [0.56, 0.1, 220], [0.74, 0.11, 160], [0.93, 0.13, 105]],
  },
  diverging: {
    light: [[0.42, 0.13, 255], [0.7, 0.1, 250], [0.97, 0.004, 100], [0.78, 0.12, 65], [0.52, 0.13, 50]],
    dark: [[0.8, 0.12, 240], [0.55, 0.12, 250], [0.28, 0.006, 260], [0.58, 0.12, 55], [0.84, 0.13, 70]],
  },
};

function lab([lightness, chroma, hue]) {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function rgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => {
    const part = Math.min(1, Math.max(0, value));
    const coded = part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
    return Math.round(255 * coded);
  });
}

const steps = 256;
function table(list) {
  const points = list.map(lab);
  return Array.from({ length: steps }, (_, index) => {
    const place = (index / (steps - 1)) * (points.length - 1);
    const from = Math.min(points.length - 2, Math.floor(place));
    const mix = points[from].map((value, part) => value + (place - from) * (points[from + 1][part] - value));
    return { rgb: rgb(mix), lightness: mix[0] };
  });
}

const tables = {};
function tableOf(kind) {
  const theme = isDark() ? "dark" : "light";
  return (tables[kind + theme] ??= table(stops[kind][theme]));
}

/**
 * A scale from values to colours.
 * @param {"sequential"|"diverging"} kind
 */
export function colorScale(kind, low, high) {
  const span = high - low || 1;
  const at = (value) => {
    const share = Math.min(1, Math.max(0, (value - low) / span));
    return tableOf(kind)[Math.round(share * (steps - 1))];
  };
  return {
    kind,
    low,
    high,
    rgb: (value) => at(value).rgb,
    css: (value) => `rgb(${at(value).rgb.join(" ")})`,
    /** Ink that can be read on the value's colour. */
    ink: (value) => (at(value).lightness > 0.62 ? "#10151c" : "#f5f8fc"),
  };
}

/** Gives an element a value's colour, in either theme, until the signal ends it. */
export function shade(node, scale, value, signal) {
  const paint = () => {
    node.style.backgroundColor = scale.css(value);
    node.style.color = scale.ink(value);
  };
  paint();
  onThemeChange(paint, signal);
}

/** A diverging scale whose middle is 0. */
export function aroundZero(values) {
  const reach = Math.max(1e-9, ...values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  return colorScale("diverging", -reach, reach);
}

/** Colours of lines, told apart by lightness as well as hue; from custom properties, so that both themes have theirs. */
export const seriesColor = (index) => `var(--series-${index % 6})`;
