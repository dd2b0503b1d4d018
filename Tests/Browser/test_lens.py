"""Lens: top tokens by layer, the target's way up, what wrote it."""

import pytest
from explorer import answers, number


@pytest.fixture
def lens(page):
    page.open("/lens?prompt=A+B+C+D+A", ".lens-table").done()
    return page


def test_top_tokens_by_layer_are_the_commands(lens, work):
    told = answers("lens", "--prompt", "A B C D A", "--answers", "B", "--positions", "last", "--topk", "8", cwd=work)
    rows = lens.rows(".lens-table")
    assert [row[0] for row in rows] == ["embedding", "after L0", "after L1, the prediction"]
    for row, layer in zip(rows, told["layers"]):
        assert row[1:3] == [str(layer["target"]["rank"]), number(layer["target"]["probability"])]
        assert row[3:] == [f"{token['token']} {number(token['probability'], 2)}" for token in layer["top"]]
    assert lens.text(".lens-token.target").startswith("B ")
    assert lens.labelled("Target", "input").get_property("value") == "B"


def test_what_wrote_the_answer_adds_up(lens):
    attribution = lens.result(lens.works()[-1])["attribution"]
    shown = {row[0]: row[1] for row in lens.rows(".bars")}
    for part in attribution["components"]:
        if part["component"] in shown:
            assert shown[part["component"]] == number(part["mean"])
    assert f"{number(attribution['logit_difference']['mean'])} (" in lens.text("#main")


def test_another_position_and_target(lens):
    lens.click(lens.all(".chip")[2])
    lens.says(".lens-table", "embedding")
    lens.wait("the position in the address", lambda: "at=2" in lens.address)
    lens.done()
    assert lens.labelled("Target", "input").get_property("value") == "C"
    lens.enter("Target", "D")
    lens.wait("the target in the address", lambda: "target=D" in lens.address)
    lens.done()
    lens.says("#main .reading", "Target: D.")
    lens.says("#main .reading", "Position 2.")


def test_the_chart_reads_the_paths(lens):
    lens.find(".lines svg")
    path = lens.result(lens.works()[-1])["paths"][0]
    lens.js("document.querySelector('.lines-canvas').focus()")
    lens.press("\ue010")
    assert lens.tip()[0] == "layer 2"
    assert f"{path['token']}: {number(path['probabilities'][2])}" in lens.tip()


def test_many_prompts(page, work):
    page.open("/lens?source=many&n=20", ".lens-table").done()
    told = answers("lens", "--prompts-kind", "repeat", "--n-prompts", "20", cwd=work)
    rows = page.table("By layer")
    assert [row[:2] for row in rows] == [[str(row["layer"]), str(row["rank"]["median"])] for row in told["aggregate"]]
    page.wait("two charts", lambda: page.js("return document.querySelectorAll('.lines svg').length") == 2)
    # Its figure by layer and position is open.
    page.find(".paper svg")
