// The one tooltip: lines of text beside the pointer, or beside an element that has the focus.
const box = () => document.getElementById("tip");

/** Shows lines at a place of the window; the first is the heading. */
export function showTip(lines, x, y) {
  const tip = box();
  tip.replaceChildren(...lines.map((line, index) => {
    const row = document.createElement(index ? "div" : "strong");
    row.textContent = line;
    return row;
  }));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 14 + width > innerWidth ? x - width - 10 : x + 14;
  const top = y + 16 + height > innerHeight ? y - height - 10 : y + 16;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${Math.max(4, top)}px`;
}

export function hideTip() {
  box().hidden = true;
}
