"""Every page in light and dark, on a small laptop's and a tablet's window: named, legible, no wider than the window. Pictures are kept."""

import pytest
from looks import looked_at

PROMPT = "prompt=A+B+C+D+E+F+G+H+A+B+C+D+E+F+G+H+A"
PAGES = {
    "heads": "/heads",
    "heads-4l": "/heads?model=induct-4l&score=previous",
    "attention": f"/attention?layer=1&head=2&{PROMPT}&q=12",
    "attention-text": "/attention?model=shakespeare-char&prompt=To+be%2C+or+not+to+be%2C+that+is+the+question&layer=3",
    "off": f"/patching?{PROMPT}&off=1.1,1.2",
    "patch": "/patching?kind=patch&clean=A+B+C+D+E+A&corrupted=A+F+C+D+E+A&answer=B&foil=F",
    "positions": "/patching?kind=positions&clean=A+B+C+D+E+A&corrupted=A+F+C+D+E+A&answer=B&foil=F",
    "patch-many": "/patching?kind=patch&source=many&n=20&model=induct-4l",
    "ablate": "/patching?kind=ablate",
    "lens": f"/lens?{PROMPT}",
    "lens-many": "/lens?source=many&n=20&model=induct-4l",
    "circuit": "/circuit",
    "circuit-4l": "/circuit?model=induct-4l&n=8&weights=ck",
    "runs": "/runs",
    "run": "/runs/first-scan",
    "empty": "/attention?prompt=+",
    "error": "/heads?model=no-such-model",
}


def show(page, name):
    page.open(PAGES[name], "#main h1").done()
    if name == "attention":
        page.cell(12, 5)
    page.wait("charts", lambda: page.js("return [...document.querySelectorAll('.lines-canvas')].every((one) => one.querySelector('svg'))"))
    page.settle()


@pytest.mark.complains("status of 4..")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_named_legible_and_fits(page, shots, name):
    show(page, name)
    assert not looked_at(page, shots, name)


def test_progress_and_its_end_too(page, shots):
    """States that last a moment only are looked at as well."""
    page.open("/patching?kind=ablate&model=induct-4l&prompts=repeat&n=5000&seed=9", "progress")
    page.wait("a step", lambda: " of " in page.text(".step"))
    assert not looked_at(page, shots, "progress")
    page.click(page.labelled("Cancel", "button"))
    page.says("#main", "cancelled.")
    assert not looked_at(page, shots, "cancelled")


def test_the_switch_of_colours(page):
    page.open("/heads", ".lines svg").done()
    paper = lambda: page.js("return getComputedStyle(document.body).backgroundColor")
    pixel = lambda: page.js("return document.querySelector('.heatmap').toDataURL()")
    light, cells = paper(), pixel()
    page.click(next(one for one in page.all("#themes label") if one.text == "Dark"))
    page.wait("dark paper", lambda: paper() != light)
    page.wait("other cells", lambda: pixel() != cells)
    page.open("/heads", ".heatmap").done()
    assert paper() != light, "the choice is kept"
    page.click(next(one for one in page.all("#themes label") if one.text == "Auto"))
    page.wait("the system's again", lambda: paper() == light)
    page.scheme("dark")
    page.wait("as the system", lambda: paper() != light)


def colours(page):
    """Of every element, and all that is painted."""
    return page.js(
        """const names = ["color", "backgroundColor", "borderTopColor", "outlineColor", "fill", "stroke", "opacity"];
           const of = (one) => { const style = getComputedStyle(one); return names.map((name) => style[name]).join(" "); };
           return [
             [...document.body.querySelectorAll("*")].map((one) => `${one.tagName}.${one.getAttribute("class") ?? ""} ${of(one)}`),
             [...document.querySelectorAll("canvas")].map((one) => one.toDataURL()),
           ];""",
    )


@pytest.mark.parametrize("name", ["heads-4l", "attention", "off", "patch", "ablate", "lens", "circuit", "run"])
def test_a_switch_of_colours_leaves_nothing_behind(page, name):
    """Shown in dark and switched to dark are the same."""
    page.scheme("dark")
    show(page, name)
    shown = colours(page)
    page.scheme("light")
    show(page, name)
    assert colours(page) != shown
    page.scheme("dark")
    page.wait("the same colours", lambda: colours(page) == shown, 3)


def test_less_motion_is_respected(page):
    page.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    page.open("/heads", ".heatmap")
    page.js("document.querySelector('#main').append(Object.assign(document.createElement('div'), { className: 'shimmer' }))")
    assert page.js("return getComputedStyle(document.querySelector('.shimmer')).animationName") == "none"
