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
