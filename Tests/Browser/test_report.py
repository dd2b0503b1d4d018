"""A report is one file: it opens from the disk, shows all its figures and asks for nothing."""

import json

import chromium
import pytest
from explorer import command


@pytest.fixture(scope="module")
def report(work):
    command("report", "outputs/runs/first-scan", "--output", "told/report.html", "--quiet", cwd=work)
    return work / "told" / "report.html"


def test_it_opens_from_the_disk_with_all_figures(page, work, report, shots):
    figures = json.loads((work / "outputs/runs/first-scan/figures.json").read_text())["figures"]
    assert report.stat().st_size < 5_000_000
    page.driver.get(report.as_uri())
    page.wait("the figures", lambda: page.js("return document.querySelectorAll('svg.marks').length") == len(figures))
    story = json.loads((work / "outputs/runs/first-scan/story.json").read_text())
    assert story["headline"] in page.text("body")
    for size, (width, height) in {"laptop": (1280, 800), "tablet": (820, 1180)}.items():
        page.size(width, height)
        page.settle()
        assert page.js("return document.documentElement.scrollWidth <= innerWidth")
        page.shot(shots / f"report-{size}.png")
    asked = [address for address in chromium.requests(page.driver) if not address.startswith(("data:", "blob:"))]
    assert asked == [report.as_uri()]


def test_its_twin_has_the_pictures(work, report):
    text = report.with_suffix(".md").read_text()
    pictures = [line.split("](")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    assert pictures
    assert all((report.parent / name).exists() for name in pictures)
