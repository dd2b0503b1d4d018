"""Circuit: paths from previous-token heads to induction heads, and what the weights do."""

import pytest
from explorer import answers, fixed, head_name, interval, number


@pytest.fixture
def circuit(page):
    page.open("/circuit", ".edge")
    page.find(".heatmap")
    return page.done()


@pytest.mark.parametrize(("direction", "measure"), [("Noising", "Taken away"), ("Denoising", "Brought back")])
def test_paths_are_the_commands(circuit, work, direction, measure):
    told = answers("paths", "--corrupt", "first", "--direction", direction.lower(), cwd=work)
    circuit.choose("Direction", direction)
    circuit.says("#main .card:nth-child(2) h2", measure)
    circuit.done()
    found = next(result for result in map(circuit.result, circuit.works()) if "receivers" in result)
    assert found["results"] == told["results"]
    ranked = sorted(told["results"], key=lambda path: -abs(path["recovery"]["mean"]))
    best = ranked[0]
    name = f"{head_name(best['sender'])} → {head_name(best['receiver'])} {best['receiver']['input'].upper()}"
    assert circuit.rows(".card table.plain")[0] == [
        name, number(best["recovery"]["mean"]), interval(best["recovery"]["low"], best["recovery"]["high"]),
    ]
    assert circuit.js("return document.querySelectorAll('.edge').length") == 16


def test_only_some_inputs(circuit):
    circuit.choose("Input of the receiver", "Keys")
    circuit.wait("only keys", lambda: all(row[0].endswith(" K") for row in circuit.rows(".card table.plain")))
    assert "input=k" in circuit.address


def test_an_edge_says_what_it_is(circuit):
    thickest = circuit.js("return [...document.querySelectorAll('.edge')].sort((a, b) => b.getAttribute('stroke-width') - a.getAttribute('stroke-width'))[0]")
    x, y = circuit.js(
        """arguments[0].scrollIntoView({ block: "center" });
           const middle = arguments[0].getPointAtLength(arguments[0].getTotalLength() / 2);
           const place = middle.matrixTransform(arguments[0].getScreenCTM());
           return [place.x, place.y];""",
        thickest,
    )
    circuit.point(x, y)
    tip = circuit.tip()
    assert "→" in tip[0] and tip[1].startswith("taken away: ") and tip[2].startswith("95% interval ")


def test_what_the_weights_do_is_the_commands(circuit, work):
    told = answers("circuits", cwd=work)
    rows = circuit.table("Heads by their weights")
    assert [row[:3] for row in rows] == [
        [head_name(head), fixed(head["ov"]["copying_score"]), number(head["ov"]["norm"])] for head in told["heads"]
    ]
    circuit.choose("What is shown of the weights", "K composition")
    circuit.says("#main", "minus that of random heads")
    assert "weights=ck" in circuit.address


def test_a_head_of_the_drawing_opens(circuit):
    circuit.js("[...document.querySelectorAll('.node.used')].at(-1).focus()")
    name = circuit.focused()[1].split(",")[0]
    circuit.press("\ue007")
    circuit.says(".thumbnail[aria-pressed=true]", name)
