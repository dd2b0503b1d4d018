"""Another model: switched to in the menu, kept by links, named by a path."""

from explorer import answers, head_name, number


def test_the_menu_switches_the_model(page, work):
    page.open("/heads?score=previous", ".heatmap").done()
    page.pick("Model", "induct-4l")
    page.wait("24 heads", lambda: "model=induct-4l" in page.address and len(page.rows(".bars")) == 12)
    page.done()
    told = answers("scan", "--model", "induct-4l", cwd=work)
    best = max(told["heads"], key=lambda head: head["previous"]["mean"])
    assert page.rows(".bars")[0][:2] == [head_name(best), number(best["previous"]["mean"])], "the score stays what it was"
    page.click("#main button")
    page.wait("all heads", lambda: len(page.rows(".bars")) == 24)
    assert page.js("return [...document.querySelectorAll('#pages a')].every((one) => one.search.includes('model=induct-4l'))")
    assert page.labelled("Model", "select").get_property("value") == "induct-4l"


def test_the_menu_has_what_is_here_and_nothing_to_download(page):
    page.open("/heads", ".heatmap")
    listed = page.server.api("/api/models")["models"]
    here = [model["name"] for model in listed if model["place"] != "hub"]
    assert page.js("return [...document.querySelectorAll('#model option')].map((one) => one.value)") == here


def test_each_page_stands_for_each_model(page):
    for model in ["induct-4l", "shakespeare-char"]:
        for path, ready in [
            ("/attention", ".heatmap"), ("/patching", "table.plain"), ("/patching?kind=patch", ".heatmap"), ("/lens", ".lens-table"),
        ]:
            page.open(f"{path}{'&' if '?' in path else '?'}model={model}", ready)
            page.done()
            assert not page.all(".state.error"), path


def test_a_prompt_that_the_other_model_cannot_read_is_not_kept(page):
    page.open("/attention?prompt=year+long+year", ".heatmap")
    page.pick("Model", "shakespeare-char")
    page.wait("the other model", lambda: "model=shakespeare-char" in page.address)
    page.find(".heatmap")
    page.done()
    assert "year" not in page.address
