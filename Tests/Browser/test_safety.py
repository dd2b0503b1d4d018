"""Markup and scripts as tokens are text; nothing leaves the machine; the page keeps to its policy."""

import json
import shutil
from urllib.parse import quote

import chromium
import pytest
from explorer import ROOT, Server

WORDS = {
    "A": "<img/src=x/onerror=document.title='hacked'>",
    "B": "</script><script>document.title='hacked'</script>",
    "C": "<b>bold</b>",
    "D": "'\"><svg/onload=document.title='hacked'>",
    "E": "&lt;&amp;",
    "F": "{{7*7}}${7*7}",
}
PROMPT = " ".join([WORDS[name] for name in "ABCDEFAB"])


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A server whose model has words of markup."""
    directory = tmp_path_factory.mktemp("marked")
    model = directory / "model"
    shutil.copytree(ROOT / "Sources/Lab/Resources/Models/induct-2l", model)
    file = model / "tokenizer.json"
    tokenizer = json.loads(file.read_text())
    tokenizer["model"]["vocab"] = {WORDS.get(word, word): id for word, id in tokenizer["model"]["vocab"].items()}
    file.write_text(json.dumps(tokenizer))
    server = Server(directory, "--model", "model")
    yield server
    server.stop()


@pytest.fixture
def there(page, marked):
    page.others = {marked.origin}
    page.server = marked
    return page


def quoted(text):
    return quote(text, safe="")


def unharmed(page):
    assert "hacked" not in page.driver.title
    assert page.js("return document.querySelectorAll('#main img, #main b:not(.reading b), #main script, #main svg:not(.bar):not(.marks):not(.graph svg)').length") == 0


@pytest.mark.parametrize(("path", "ready"), [
    ("/attention?layer=1&q=7", ".heatmap"), ("/patching?kind=off", "table.plain"), ("/lens?", ".lens-table"),
])
def test_markup_in_a_prompt_is_text(there, path, ready):
    there.open(f"{path}&model=model&prompt={quoted(PROMPT)}", ready).done()
    assert there.texts(".chip-text")[1:] == PROMPT.split(" ")
    unharmed(there)
    if ready == ".heatmap":
        there.cell(8, 2)
        assert there.tip()[0] == f"{WORDS['B']} (8) → {WORDS['B']} (2)"
        assert WORDS["B"] in there.text(".reading")
        there.table("Where each token looks")
    if ready == ".lens-table":
        assert "<" in there.text(".lens-table")
        there.find(".paper svg")
        there.find(".lines svg")
    there.settle()
    unharmed(there)


def test_markup_in_a_pair_is_text(there):
    clean = quoted(" ".join(WORDS[name] for name in "ABCA"))
    corrupted = quoted(" ".join(WORDS[name] for name in "AFCA"))
    there.open(
        f"/patching?kind=positions&model=model&clean={clean}&corrupted={corrupted}&answer={quoted(WORDS['B'])}&foil={quoted(WORDS['F'])}",
        ".heatmap",
    ).done()
    assert there.rows(".aligned")[0][3] == WORDS["B"] + " (differs)"
    there.cell(0, 2)
    unharmed(there)


@pytest.mark.complains("status of 4..")
def test_markup_in_an_address_is_text(page):
    evil = quoted("<img src=x onerror=document.title='hacked'>")
    for path in [f"/heads?model={evil}", f"/attention?prompt={evil}", f"/runs/{evil}", f"/attention?prompt=A&layer={evil}&head={evil}"]:
        page.open(path, "#main h1, #main h2")
        page.done()
        assert "onerror" not in page.driver.title or "hacked" != page.driver.title
        assert page.js("return document.querySelectorAll('#main img, header img').length") == 0
    page.open(f"/heads?model={evil}", ".state.error")
    assert "<img" in page.text(".state.error")


@pytest.mark.complains("Content Security Policy")
def test_the_policy_holds(page):
    """The policy is there, and stops what a page that was broken into would do."""
    page.open("/heads", ".heatmap").done()
    page.js("window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.effectiveDirective))")
    page.js(
        """const script = document.createElement("script");
           script.textContent = "window.ran = true";
           document.body.append(script);
           new Image().src = "http://127.0.0.1:9/pixel.png";
           fetch("http://127.0.0.1:9/").catch(() => {});
           setTimeout(() => { try { window.counted = eval("1 + 1"); } catch (error) { window.refused = error.name; } });""",
    )
    page.others = {"http://127.0.0.1:9"}
    page.wait("three refusals", lambda: {"script-src-elem", "img-src", "connect-src"} <= set(page.js("return broken")))
    assert page.js("return window.ran") is None
    page.wait("a refusal of eval", lambda: page.js("return window.refused") == "EvalError")


def test_the_tests_would_see_a_request_that_leaves(page):
    page.open("/heads", ".heatmap")
    assert chromium.outside(["https://example.org/x.js", page.server.origin + "/api/models", "data:,"], {page.server.origin}) == [
        "https://example.org/x.js",
    ]
    assert page.server.origin + "/api/models" in chromium.requests(page.driver)
