"""An address is all that is on screen: opened in a second tab it shows the same numbers."""

import pytest

ADDRESSES = {
    "heads": "/heads?score=previous&kind=bigram&n=30&seed=3&model=induct-4l",
    "attention": "/attention?layer=1&head=3&prompt=A+B+C+A&q=3",
    "off": "/patching?kind=off&prompt=A+B+C+A&off=1.1%2C1.2",
    "patch": "/patching?kind=patch&clean=A+B+C+A&corrupted=A+F+C+A&answer=B&foil=F&layer=1&head=0",
    "positions": "/patching?kind=positions&clean=A+B+C+A&corrupted=A+F+C+A&answer=B&foil=F&layer=1&at=3&direction=noising",
    "ablate": "/patching?kind=ablate&mode=mean&n=10&seed=7",
    "lens": "/lens?prompt=A+B+C+A&at=2&target=C",
    "circuit": "/circuit?input=k&weights=qk0&n=16&direction=denoising",
    "run": "/runs/first-scan",
}


def screen(page):
    """All that is written, and what is chosen."""
    return page.js(
        """const main = document.querySelector("#main");
           return [
             main.innerText,
             [...main.querySelectorAll("input, select, textarea")].map((one) => (one.type === "radio" ? one.checked : one.value)),
             [...main.querySelectorAll("[aria-pressed=true]")].map((one) => one.ariaLabel ?? one.textContent),
             [...main.querySelectorAll("canvas.heatmap")].map((one) => one.toDataURL()),
           ];""",
    )


def shown(page, address):
    page.open(address, "h1").done()
    page.wait("charts", lambda: page.js("return [...document.querySelectorAll('.lines-canvas')].every((one) => one.querySelector('svg'))"))
    page.settle()
    return screen(page)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_link_reproduces_what_is_on_screen(page, name):
    first = shown(page, ADDRESSES[name])
    address = page.address
    page.driver.switch_to.new_window("tab")
    page.size(1280, 800)
    page.scheme("light")
    assert shown(page, address) == first
    assert not page.all(".state.error")


def test_what_is_done_on_the_page_is_in_its_address(page):
    page.open("/heads", ".heatmap").done()
    page.choose("Score", "First")
    page.cell(1, 1, click=True)
    page.find(".thumbnail")
    page.ask("D E F D")
    page.wait("the tokens", lambda: len(page.all(".chip")) == 5)
    page.click(page.all(".chip")[4])
    page.done()
    address = page.address
    before = screen(page)
    page.driver.switch_to.new_window("tab")
    page.size(1280, 800)
    page.scheme("light")
    assert shown(page, address) == before


def test_back_and_forward(page):
    page.open("/heads", ".heatmap").done()
    for name in ["Lens", "Circuit"]:
        page.click(next(one for one in page.all("#pages a") if one.text == name))
        page.wait(f"page {name}", lambda: page.text("h1") == name)
    page.driver.back()
    page.wait("the lens again", lambda: page.text("h1") == "Lens")
    page.driver.forward()
    page.wait("the circuit again", lambda: page.text("h1") == "Circuit")
    page.done()
