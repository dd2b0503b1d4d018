"""Runs: the list, a receipt, figures, files; a training run live and again from its start."""

import json
import subprocess

import pytest
from explorer import ENVIRONMENT, PROGRAM, number
from looks import looked_at

STEPS = 500


@pytest.fixture(scope="module")
def training(work):
    """A training run that begins now, long enough to be looked at while it goes on."""
    process = subprocess.Popen(
        [PROGRAM, "train", "--preset", "quick", "--num-steps", str(STEPS), "--eigen-interval", "0", "--output", "outputs/runs/live", "--quiet"],
        cwd=work, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait()


def evaluations(work):
    return [json.loads(line) for line in (work / "outputs/runs/live/metrics.jsonl").read_text().splitlines()]


def points(page, chart):
    """How many points the longest line of a chart has."""
    return page.js(
        """const paths = document.querySelectorAll(".lines svg")[arguments[0]]?.querySelectorAll(".mark-line path") ?? [];
           return Math.max(0, ...[...paths].map((path) => (path.getAttribute("d").match(/[ML]/g) ?? []).length));""",
        chart,
    )


def band(page):
    return page.js("return document.querySelectorAll('.lines .mark-rect path').length")


def test_a_training_run_is_seen_while_it_goes_on(page, work, training):
    page.wait("the run's first line", lambda: (work / "outputs/runs/live/metrics.jsonl").exists())
    page.open("/runs", "table")
    page.wait("that it is going", lambda: ["live", "train", "going on"] in [row[:3] for row in page.rows("table")])
    page.click(next(one for one in page.all("a") if one.text == "live"))
    page.says(".reading", "Following: step ")
    seen = page.wait("some points", lambda: points(page, 0))
    charts = page.js("window.first = [...document.querySelectorAll('.lines svg')]; return window.first.length")
    assert charts == 3
    page.wait("more points", lambda: points(page, 0) > seen + 3)
    assert training.poll() is None, "all this while the run goes on"

    # The transition is announced and shaded in each chart, and the charts are the same elements still.
    page.says(".reading", "Induction heads formed between step", 60)
    page.wait("a band in each chart", lambda: band(page) == 3)
    page.says(".reading", f"Finished: step {STEPS} of {STEPS}", 60)
    assert page.js("return window.first.every((one) => one.isConnected)"), "charts are drawn once"
    assert points(page, 0) == len(evaluations(work))

    # Its figures appear when they are drawn.
    page.wait("the figures", lambda: len(page.all(".paper svg")) >= 5, 60)


def test_a_finished_run_says_what_its_files_say(page, work, training):
    training.wait(timeout=60)
    page.open("/runs/live", ".lines svg")
    results = json.loads((work / "outputs/runs/live/results.json").read_text())
    transition = results["transition"]
    page.says(".reading", f"between step {transition['low']:g} and {transition['high']:g}")
    page.wait("all points", lambda: points(page, 0) == len(evaluations(work)))
    last = evaluations(work)[-1]
    assert f"loss {number(last['loss'])}" in page.text(".reading")

    for chart, name, value in [(0, "evaluation", last["loss"]), (1, "pattern tokens", last["accuracy"]["pattern"])]:
        page.js("document.querySelectorAll('.lines-canvas')[arguments[0]].focus()", chart)
        page.press("\ue010")
        assert page.tip()[0] == f"step {STEPS}"
        assert f"{name}: {number(value)}" in page.tip()


def test_scores_of_all_heads_can_be_switched(page, work, training):
    page.open("/runs/live", ".lines svg")
    page.says(".reading", "Finished")
    page.choose("Score", "Previous")
    page.js("document.querySelectorAll('.lines-canvas')[2].focus()")
    page.press("\ue010")
    heads = sorted(evaluations(work)[-1]["heads"], key=lambda head: -head["previous"])
    page.wait("the scores", lambda: page.tip()[1:] == [f"L{head['layer']}H{head['head']}: {number(head['previous'])}" for head in heads][:12])
    assert "score=previous" in page.address


def test_a_run_is_replayed(page, work, training):
    page.open("/runs/live", ".lines svg")
    page.says(".reading", "Finished")
    page.choose("How it is shown", "Replay")
    page.says(".reading", "Replaying: step")
    seen = points(page, 0)
    assert seen < len(evaluations(work))
    page.wait("more points", lambda: points(page, 0) > seen)
    page.pick("Speed", "50")
    page.wait("the speed in the address", lambda: "replay=50" in page.address)
    page.says(".reading", "Finished", 30)
    assert points(page, 0) == len(evaluations(work))
    assert band(page) == 3


def test_a_training_run_is_legible_and_fits(page, shots, training):
    page.open("/runs/live", ".lines svg")
    page.says(".reading", "Finished")
    page.wait("the figures", lambda: len(page.all(".paper svg")) >= 5)
    assert not looked_at(page, shots, "training")


def test_the_list(page, work, training):
    page.open("/runs", "table")
    rows = page.rows("table")
    assert ["first-scan", "scan", "done"] in [row[:3] for row in rows]
    page.choose("Kind of run", "Analyses")
    page.wait("only analyses", lambda: {row[1] for row in page.rows("table")} == {"scan"})
    assert "only=analysis" in page.address


def test_findings_and_figures_of_a_run(page, work):
    page.open("/runs/first-scan", ".figures svg")
    story = json.loads((work / "outputs/runs/first-scan/story.json").read_text())
    assert page.text(".headline") == story["headline"]
    assert page.js("return document.querySelector('.printed').textContent") == story["text"]
    figures = json.loads((work / "outputs/runs/first-scan/figures.json").read_text())["figures"]
    page.wait("all figures", lambda: len(page.all(".paper svg")) == len(figures))
    assert page.texts(".figures figcaption") == [figure["name"] for figure in figures]
    # They tell the value under the pointer.
    page.hover(page.all(".paper svg .mark-rect path")[0])
    page.wait("a value", lambda: any("score" in line for line in page.tip()))


def test_a_run_without_specifications_shows_its_pictures(page):
    page.open("/runs/older-scan", ".pictures img")
    for picture in page.all(".pictures img"):
        page.js("arguments[0].scrollIntoView()", picture)
        page.wait("the picture", lambda: page.js("return arguments[0].complete && arguments[0].naturalWidth > 100", picture))
    assert not page.all(".headline")


def test_a_receipt_with_files(page, work):
    page.open("/runs/first-scan", ".facts")
    receipt = json.loads((work / "outputs/runs/first-scan/metadata.json").read_text())
    facts = dict(page.js("return [...document.querySelectorAll('.facts > div')].map((one) => [...one.children].map((cell) => cell.textContent))"))
    assert facts["command"] == "scan"
    assert facts["seed"] == str(receipt["seed"])
    listed = {file["sha256"][:16] for part in receipt["inputs"] for file in part["files"]}
    assert {row[3] for row in page.table("Files that went in")} == listed
    names = [row[0] for row in page.table("Files of the run")]
    assert {"scan.json", "metadata.json", "ranked.svg"} <= set(names)

    page.click(page.labelled("Show scan.json here", "button"))
    text = page.wait("its text", lambda: page.text(".reader pre"))
    assert json.loads(text) == json.loads((work / "outputs/runs/first-scan/scan.json").read_text())


def test_a_page_that_a_command_wrote_is_a_file_to_keep(page, work, training):
    page.open("/runs/live", "a[download]")
    links = page.js("return [...document.querySelectorAll('a[download]')].map((one) => [one.download, one.pathname])")
    assert links and all(link == ["run.html", "/api/runs/live/files/run.html"] for link in links)
    assert not [one for one in page.all("button") if one.accessible_name == "Show run.html here"]
