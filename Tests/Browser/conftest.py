"""Fixtures: a directory with runs, the explorer's server in it, one Chromium, a page a test.

After each test the browser's console must be empty and no request may have left the server's address.
INDUCT names the program (default: .build/release/induct), SHOTS the directory for pictures (default: .build/browser-shots).
"""

import os
import shutil
from pathlib import Path

import chromium
import pytest
from explorer import PROGRAM, ROOT, Server, command
from page import Page


def pytest_sessionstart():
    if not chromium.located():
        print("test-browser: SKIPPED: no chromium and chromedriver on PATH; on Debian: apt-get install chromium chromium-driver")
        pytest.exit("no browser", returncode=0)
    if not PROGRAM.exists():
        pytest.exit(f"{PROGRAM} is not there: 'make build' makes it, INDUCT names another", returncode=1)


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    """The directory that is served, with a run of a scan, also as earlier versions left it."""
    directory = tmp_path_factory.mktemp("explored")
    command("scan", "--n-prompts", "20", "--output", "outputs/runs/first-scan", "--quiet", cwd=directory)
    older = directory / "outputs/runs/older-scan"
    shutil.copytree(directory / "outputs/runs/first-scan", older)
    for name in ["figures.json", "story.json"]:
        (older / name).unlink()
    return directory


@pytest.fixture(scope="session")
def server(work):
    server = Server(work)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    driver = chromium.started(tmp_path_factory.mktemp("driver") / "log")
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def shots():
    directory = Path(os.environ.get("SHOTS") or ROOT / ".build" / "browser-shots")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@pytest.fixture
def page(browser, server, request):
    page = Page(browser, server)
    browser.get("about:blank")
    page.size(1280, 800)
    page.scheme("light")
    chromium.complaints(browser)
    chromium.requests(browser)
    yield page
    for tab in browser.window_handles[1:]:
        browser.switch_to.window(tab)
        browser.close()
    browser.switch_to.window(browser.window_handles[0])
    page.js("try { localStorage.clear() } catch {}")
    allowed = [pattern for mark in request.node.iter_markers("complains") for pattern in mark.args]
    assert chromium.complaints(browser, allowed) == []
    origins = {server.origin} | getattr(page, "others", set())
    assert chromium.outside(chromium.requests(browser), origins) == []
