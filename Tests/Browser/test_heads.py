"""The scorecard: its numbers are the command's, its switch shows four scores, a head opens."""

import pytest
from explorer import answers, fixed, head_name, interval, number

SCORES = ["induction", "duplicate", "previous", "first"]


@pytest.fixture(scope="module")
def scan(work):
    return answers("scan", cwd=work)


def test_the_answer_is_the_commands_to_the_byte(page, work, scan):
    page.open("/heads", ".heatmap").done()
    assert page.result(page.works()[-1]) == scan


@pytest.mark.parametrize("score", SCORES)
def test_each_score_is_ranked_and_in_the_map(page, scan, score):
    page.open("/heads", ".heatmap").done()
    page.choose("Score", score.capitalize())
    page.says("#main", f"Ranked by {score}")
    ranked = sorted(scan["heads"], key=lambda head: -head[score]["mean"])
    shown = [row[:3] for row in page.rows(".bars")]
    assert shown == [
        [head_name(head), number(head[score]["mean"]), interval(head[score]["low"], head[score]["high"])] for head in ranked
    ]
    for head in scan["heads"]:
        page.cell(head["layer"], head["head"])
        tip = page.tip()
        assert tip[0] == f"{head_name(head)}  {score} {number(head[score]['mean'])}"
        assert tip[1] == f"95% interval {interval(head[score]['low'], head[score]['high'])}"
    assert ("score=" + score in page.address) or score == "induction"


@pytest.mark.complains("willReadFrequently")
@pytest.mark.parametrize("score", SCORES)
def test_a_higher_score_is_darker(page, scan, score):
    page.open(f"/heads?score={score}", ".heatmap").done()
    cells = page.js(
        """const canvas = document.querySelector(".heatmap");
           const { left, top, cell, high } = JSON.parse(canvas.dataset.layout);
           const pen = canvas.getContext("2d");
           return arguments[0].map(([row, column]) => {
             const [red, green, blue] = pen.getImageData(left + column * cell + 5, top + row * high + 5, 1, 1).data;
             return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
           });""",
        [[head["layer"], head["head"]] for head in scan["heads"]],
    )
    drawn = [(head[score]["mean"], light) for head, light in zip(scan["heads"], cells)]
    assert all(light > darker for low, light in drawn for high, darker in drawn if high > low + 0.03)
    assert len({round(light) for _, light in drawn}) > 1


def test_the_table_has_all_scores(page, scan):
    page.open("/heads", ".heatmap").done()
    rows = page.table("Scores of all heads")
    assert rows == [
        [head_name(head)] + [text for score in SCORES for text in (fixed(head[score]["mean"]), interval(head[score]["low"], head[score]["high"]))]
        for head in scan["heads"]
    ]


def test_the_depth_profile_has_the_highest_of_each_layer(page, scan):
    page.open("/heads", ".lines svg").done()
    for layer in range(2):
        page.js("document.querySelector('.lines-canvas').focus()")
        page.press("\ue014")
        scores = [head["induction"]["mean"] for head in scan["heads"] if head["layer"] == layer]
        assert page.tip() == [
            f"layer {layer}",
            f"highest head: {number(max(scores))}",
            f"mean of the layer: {number(sum(scores) / len(scores))}",
        ]
    # The pointer reads the nearest place.
    left, right, top = page.js("const box = document.querySelector('.lines svg').getBoundingClientRect(); return [box.left, box.right, box.top]")
    for x, layer in [(left + 60, 0), (left + 0.45 * (right - left), 0), (left + 0.65 * (right - left), 1), (right - 12, 1)]:
        page.point(x, top + 60)
        assert page.tip()[0] == f"layer {layer}"
    circles = page.js("return document.querySelectorAll('.lines .mark-symbol path').length")
    assert circles == 4


def test_another_question_gives_other_numbers(page, work):
    page.open("/heads", ".heatmap").done()
    page.pick("Prompts", "bigram")
    page.wait("the kind in the address", lambda: "kind=bigram" in page.address)
    page.enter("How many", "30")
    page.enter("Seed", "5")
    page.says("#main", "30 bigram prompts")
    page.done()
    scan = answers("scan", "--prompts-kind", "bigram", "--n-prompts", "30", "--seed", "5", cwd=work)
    best = max(scan["heads"], key=lambda head: head["induction"]["mean"])
    assert page.rows(".bars")[0][:2] == [head_name(best), number(best["induction"]["mean"])]


def test_a_click_opens_a_head(page):
    page.open("/heads", ".heatmap").done()
    page.cell(1, 2, click=True)
    page.find(".thumbnail")
    assert page.address.startswith("/attention?") and "layer=1" in page.address and "head=2" in page.address
    assert page.text(".thumbnail[aria-pressed=true]").startswith("L1H2")
    page.driver.back()
    page.find(".bars")
    assert page.address.split("?")[0] in ("/", "/heads")


def test_a_ranked_head_is_a_link_to_its_attention(page):
    page.open("/heads", ".heatmap").done()
    first = page.find(".bars a")
    name = first.text
    page.click(first)
    page.says(".thumbnail[aria-pressed=true]", name)


def test_figures_are_those_of_the_command(page):
    page.open("/heads", ".heatmap").done()
    page.click(next(one for one in page.all("summary") if one.text.startswith("Figures")))
    page.wait("figures", lambda: page.js("return document.querySelectorAll('.paper svg').length") >= 2)
    asked = page.server.api(f"/api/work/{page.works()[-1]}/figures")["figures"]
    page.wait("all of them", lambda: page.texts(".figures figcaption") == [one["name"] for one in asked])
