"""How a page looks: its audit and its pictures, in both themes, in the windows of a small laptop and of a tablet."""

from pathlib import Path

AUDIT = (Path(__file__).parent / "audit.js").read_text()
SIZES = {"laptop": (1280, 800), "tablet": (820, 1180)}


def looked_at(page, shots, name):
    """What is wrong, by window and theme; pictures are kept under that name."""
    wrong = {}
    for size, (width, height) in SIZES.items():
        page.size(width, height)
        for scheme in ["light", "dark"]:
            page.scheme(scheme)
            page.settle()
            page.settle()
            if found := page.js(AUDIT):
                wrong[size, scheme] = found
            page.shot(shots / f"{name}-{size}-{scheme}.png")
    return wrong
