// What a test asks of the whole page: names of controls, contrast of text, width. Returns what is wrong, in words.
const wrong = [];
const isShown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const about = (one) => one.outerHTML.slice(0, 110);

// Everything that can be worked has a name.
const textOf = (one) => (one?.textContent ?? "").trim();
function nameOf(one) {
  const referred = (one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => textOf(document.getElementById(id))).join(" ").trim();
  const label = [...(one.labels ?? [])].map((label) => {
    const copy = label.cloneNode(true);
    copy.querySelectorAll("select, textarea").forEach((inner) => inner.remove());
    return textOf(copy);
  }).join(" ").trim();
  const says = textOf(one) || [...one.querySelectorAll("img")].map((picture) => picture.alt).join(" ");
  const own = ["BUTTON", "A", "SUMMARY"].includes(one.tagName) || one.getAttribute("role") === "link" ? says : "";
  return one.getAttribute("aria-label") || referred || label || own;
}
const controls = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1']), [role=radiogroup], [role=toolbar], [role=application], progress";
for (const one of document.querySelectorAll(controls)) {
  if (isShown(one) && !nameOf(one)) wrong.push(`no name: ${about(one)}`);
}
for (const one of document.querySelectorAll("img")) if (!one.hasAttribute("alt")) wrong.push(`no alternative: ${about(one)}`);
for (const one of document.querySelectorAll("table")) if (!textOf(one.caption)) wrong.push(`no caption: ${about(one)}`);
for (const one of document.querySelectorAll("th")) if (!one.scope) wrong.push(`no scope: ${about(one)}`);
if (!document.documentElement.lang) wrong.push("no language");
if (!document.title) wrong.push("no title");
if (document.querySelectorAll("main h1").length !== 1) wrong.push("not one h1");
const levels = [...document.querySelectorAll("main h1, main h2, main h3")].filter(isShown).map((one) => Number(one.tagName[1]));
levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) wrong.push(`h${level} after h${levels[at - 1]}`); });
const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) wrong.push(`id twice: ${id}`);
for (const role of ["main", "header", "nav"]) if (!document.querySelector(role)) wrong.push(`no ${role}`);

// Text can be read on what is behind it: a ratio of 4.5 (WCAG 2.1, 1.4.3). Canvas and figures are not looked at.
const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
function light([r, g, b]) {
  const [R, G, B] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * R + 0.7152 * G + 0.0722 * B;
}
function behind(one) {
  const layers = [];
  for (let at = one; at; at = at.parentElement) {
    const color = rgba(getComputedStyle(at).backgroundColor);
    if (color[3] > 0) layers.push(color);
    if (color[3] === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
}
const seen = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const one = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || seen.has(one) || !isShown(one)) continue;
  if (one.closest(".unseen, .skip, .paper, option, noscript, [aria-hidden=true]:not(.lines-plot *):not(.chip-place)")) continue;
  seen.add(one);
  const style = getComputedStyle(one);
  const paper = behind(one);
  let ink = rgba(one.namespaceURI.endsWith("svg") ? style.fill : style.color);
  for (let at = one; at; at = at.parentElement) ink[3] *= Number(getComputedStyle(at).opacity);
  ink = over(ink, paper);
  const [a, b] = [light(ink), light(paper)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: "${textOf(one).slice(0, 30)}" ${about(one)}`);
}

// Nothing is wider than the window, but for what scrolls in its own frame.
if (document.documentElement.scrollWidth > innerWidth) {
  const wide = [...document.querySelectorAll("main *, header *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .heatmap-frame, .switches, .paper, pre"));
  wrong.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth}: ${about(wide.at(-1) ?? document.body)}`);
}
return wrong;
