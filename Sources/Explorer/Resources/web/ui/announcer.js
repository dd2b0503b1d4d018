// What a screen reader is told without the focus moving.
let pending = 0;

/** Says a sentence; of many in a short time the last. */
export function announce(text) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    document.getElementById("announcer").textContent = text;
  }, 150);
}
