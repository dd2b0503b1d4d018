"""All of it by keyboard: the order of the tab key, arrow keys in grids, choices and tokens."""

import pytest
from explorer import answers, number
from selenium.webdriver.common.keys import Keys


def at_the_start(page):
    """As after loading: the tab key goes to the first of all."""
    page.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); window.visited = new Set()")


def tabbed(page, most=150):
    """What gets the focus, key by key, until it has been everywhere."""
    at_the_start(page)
    found = []
    for _ in range(most):
        page.press(Keys.TAB)
        again = page.js("const one = document.activeElement; return one === document.body || visited.has(one) || !visited.add(one)")
        if again:
            return found
        found.append(page.focused())
    raise AssertionError(f"no end after {most} keys: {found[-5:]}")


def test_the_tab_key_goes_from_top_to_bottom(page):
    page.open("/heads", ".lines svg").done()
    kinds, names = zip(*tabbed(page))
    assert names[:8] == ("Skip to the content", "induct", "Heads", "Attention", "Patching", "Lens", "Circuit", "Runs")
    assert kinds[8:14] == ("select", "input", "input", "select", "input", "input"), "model, colours, score, prompts, how many, seed"
    assert kinds[14] == "canvas" and "induction score of every head" in names[14]
    assert any(name.startswith("Highest and mean") for name in names[15:]), "the chart"
    assert "L1H2" in names[15:], "the ranked heads"
    tops = page.js(
        """return [...document.querySelectorAll("#main h1, #main .toolbar, #main canvas[tabindex], #main .lines-canvas")]
             .map((one) => one.getBoundingClientRect().top)""",
    )
    assert tops == sorted(tops)


def test_what_has_the_focus_can_be_seen(page):
    page.open("/heads", ".lines svg").done()
    at_the_start(page)
    for _ in range(24):
        page.press(Keys.TAB)
        seen = page.js(
            """const one = document.activeElement;
               const shown = one.matches("input[type=radio]") ? one.nextElementSibling : one;
               const style = getComputedStyle(shown);
               return [one.outerHTML.slice(0, 80), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1];""",
        )
        assert seen[1], seen[0]


def test_skip_goes_to_the_content(page):
    page.open("/heads", ".heatmap").done()
    page.press(Keys.TAB)
    page.press(Keys.ENTER)
    page.wait("the focus on the content", lambda: page.js("return document.activeElement.id") == "main")
    assert page.address.split("#")[0] == "/heads", "and the page stays"


def test_arrow_keys_in_the_scorecard(page, work):
    scan = answers("scan", cwd=work)
    induction = {(head["layer"], head["head"]): number(head["induction"]["mean"]) for head in scan["heads"]}
    page.open("/heads", ".heatmap").done()
    page.js("document.querySelector('.heatmap').focus()")
    for key, (layer, head) in [
        (Keys.ARROW_RIGHT, (0, 0)), (Keys.ARROW_RIGHT, (0, 1)), (Keys.ARROW_DOWN, (1, 1)), (Keys.END, (1, 3)),
        (Keys.ARROW_RIGHT, (1, 3)), (Keys.HOME, (1, 0)), (Keys.PAGE_UP, (0, 0)), (Keys.ARROW_LEFT, (0, 0)), (Keys.ARROW_DOWN, (1, 0)),
    ]:
        page.press(key)
        assert page.tip()[0] == f"L{layer}H{head}  induction {induction[layer, head]}"
    page.says("#announcer", f"L1H0  induction {induction[1, 0]}")
    page.press(Keys.ESCAPE)
    assert page.tip() == []
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.END, Keys.ENTER)
    page.find(".thumbnail")
    assert "layer=1" in page.address and "head=3" in page.address


def test_arrow_keys_in_a_pattern_stay_in_its_triangle(page):
    page.open("/attention?prompt=A+B+A&layer=1&head=0", ".heatmap").done()
    page.js("document.querySelector('.heatmap').focus()")
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.END)
    assert page.tip()[0] == "A (1) → A (1)"
    page.press(Keys.ARROW_UP)
    assert page.tip()[0] == "<bos> (0) → <bos> (0)"


def test_arrow_keys_in_choices(page):
    page.open("/heads", ".heatmap").done()
    page.js("document.querySelector('.segments input').focus()")
    page.press(Keys.ARROW_RIGHT)
    page.says("#main", "Ranked by duplicate")
    page.press(Keys.ARROW_LEFT)
    page.says("#main", "Ranked by induction")


def test_arrow_keys_among_tokens_and_heads(page):
    page.open("/attention?prompt=A+B+A&layer=1&head=0", ".heatmap").done()
    page.js("document.querySelector('.chip').focus()")
    page.press(Keys.END)
    page.says(".reading", "A (3) looks at")
    page.press(Keys.ARROW_LEFT)
    page.says(".reading", "B (2) looks at")
    page.press(Keys.ENTER)
    page.wait("the pinned query", lambda: "q=2" in page.address)
    page.js("document.querySelector('.thumbnail').focus()")
    page.press(Keys.ARROW_RIGHT, Keys.ENTER)
    page.says("#main h2", "Head L1H1")
    assert page.js("return document.activeElement.className") == "thumbnail"


def test_heads_are_switched_by_key(page):
    page.open("/patching?prompt=A+B+A", "table.plain")
    page.js("document.querySelector('.switch').focus()")
    page.press(Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.SPACE)
    page.says(".reading", "Off: L1H1.")
    page.says("#announcer", "Off: L1H1.")


@pytest.mark.parametrize("path", ["/attention?prompt=A+B+A", "/patching?kind=patch&clean=A+B+A&corrupted=A+C+A&answer=B", "/lens?prompt=A+B+A", "/circuit", "/runs"])
def test_the_tab_key_reaches_all_and_ends(page, path):
    page.open(path, "#main h1").done()
    found = tabbed(page)
    missed = page.js(
        """const all = [...document.querySelectorAll("#main a[href], #main button, #main input, #main select, #main textarea, #main summary, #main [tabindex]")]
             .filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !(one.type === "radio" && !one.checked));
           return all.filter((one) => !visited.has(one)).map((one) => one.outerHTML.slice(0, 100));""",
    )
    assert missed == [], "all is reached"
    assert len(found) > 10
