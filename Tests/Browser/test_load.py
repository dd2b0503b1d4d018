"""The first page: how fast, and with what."""


def drawn_after(page, path, selector):
    """Milliseconds from the request to the frame in which an element stands on screen."""
    script = page.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        source=f"""new MutationObserver((_, watcher) => {{
                     if (!document.querySelector({selector!r})) return;
                     watcher.disconnect();
                     requestAnimationFrame(() => setTimeout(() => {{ window.drawn = performance.now(); }}));
                   }}).observe(document, {{ childList: true, subtree: true }});""",
    )
    page.open(path, selector)
    page.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])
    return page.wait("the time of drawing", lambda: page.js("return window.drawn"))


def test_the_first_page_is_there_at_once(page):
    page.open("/", ".heatmap")
    page.done()
    first = drawn_after(page, "/", ".heatmap")
    chart = drawn_after(page, "/", ".lines svg")
    print(f"\nfirst page: scorecard after {first:.0f} ms, with its chart after {chart:.0f} ms")
    assert first < 2000
    assert chart < 4000


def test_the_first_page_asks_for_its_modules_at_once(page):
    page.open("/", ".lines svg")
    asked, foretold = page.js(
        """const paths = (list) => list.map((one) => new URL(one.name ?? one.href).pathname);
           return [
             paths(performance.getEntriesByType("resource")).filter((path) => path.endsWith(".js")),
             paths([...document.querySelectorAll("link[rel=modulepreload]")]),
           ];""",
    )
    # The bundle comes when the first chart is drawn: the scorecard does not wait for it.
    assert set(asked) - {"/assets/app.js", "/assets/vega.js"} == set(foretold)


def test_pages_without_a_chart_do_not_load_the_bundle(page):
    for path, ready in [("/runs", "h1"), ("/attention?prompt=A+B+A", ".heatmap"), ("/patching?prompt=A+B+A", "table.plain")]:
        page.open(path, ready).done()
        assert not page.js("return performance.getEntriesByType('resource').some((one) => one.name.endsWith('/assets/vega.js'))"), path
