"""Long work: it says how far it is, can be cancelled, ends with its tab, and is not done twice."""

import pytest

LONG = "/patching?kind=ablate&model=induct-4l&prompts=repeat&n=5000"


def state(page, id):
    return page.server.api(f"/api/work/{id}")["state"]


def begun(page, path):
    """Opens a page with long work; its id."""
    page.open(path, "progress")
    id = page.wait("the work's id", page.works)[-1]
    page.wait("that it runs", lambda: state(page, id) == "running")
    return id


def test_long_work_shows_how_far_it_is_and_can_be_cancelled(page):
    id = begun(page, LONG + "&seed=1")
    page.wait("a step", lambda: " of " in page.text(".step"))
    assert page.js("const bar = document.querySelector('progress'); return bar.max >= 1 && bar.value >= 0 && !!bar.ariaLabel")
    page.click(page.labelled("Cancel", "button"))
    page.says("#main", "cancelled.")
    page.wait("the end at the server", lambda: state(page, id) == "cancelled")
    page.click(page.labelled("Run again", "button"))
    page.find("progress")
    page.click(page.labelled("Cancel", "button"))
    page.says("#main", "cancelled.")


def test_a_closed_tab_cancels_its_work(page):
    page.open("/runs", "h1")
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    id = begun(page, LONG + "&seed=2")
    page.driver.close()
    page.driver.switch_to.window(first)
    page.wait("the end at the server", lambda: state(page, id) == "cancelled")


def test_another_page_cancels_the_work_of_the_one_before(page):
    id = begun(page, LONG + "&seed=3")
    page.click(next(one for one in page.all("#pages a") if one.text == "Runs"))
    page.says("h1", "Runs")
    page.wait("the end at the server", lambda: state(page, id) == "cancelled")


def test_another_question_cancels_the_one_before(page):
    id = begun(page, LONG + "&seed=4")
    page.enter("How many", "5")
    page.wait("the end at the server", lambda: state(page, id) == "cancelled")
    page.done()
    assert page.all(".heatmap")


def test_two_tabs_share_work_and_one_may_close(page):
    id = begun(page, LONG + "&seed=5")
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    assert begun(page, LONG + "&seed=5") == id
    page.driver.close()
    page.driver.switch_to.window(first)
    assert state(page, id) == "running"
    page.wait("that it goes on", lambda: " of " in page.text(".step"))
    page.click(page.labelled("Cancel", "button"))
    page.wait("the end at the server", lambda: state(page, id) == "cancelled")


@pytest.mark.parametrize("path", ["/heads?n=60", "/circuit?n=8"])
def test_the_same_question_again_is_the_same_work(page, path):
    page.open(path, "h1").done()
    before = page.works()
    page.open(path, "h1").done()
    assert page.works() == before
