"""Heads switched off by click, the whole ablation map, patching of heads and of positions."""

import json

from explorer import answers, fixed, head_name, interval, number

OFF = "/patching?prompt=A+B+C+D+E+A"
PAIR = {"clean": "A B C D E A", "corrupted": "A F C D E A", "answer": "B", "foil": "F"}
PATCH = "/patching?kind=patch&clean=A+B+C+D+E+A&corrupted=A+F+C+D+E+A&answer=B&foil=F"


def prediction(page, off):
    asked = {"model": "induct-2l", "prompt": "A B C D E A", "off": [{"layer": layer, "head": head} for layer, head in off], "top": 12}
    return page.server.api("/api/prediction", asked)


def chances(page):
    """Token: probability as it is and with heads off, as written."""
    return {row[0]: row[1:3] for row in page.rows("table.plain")}


def test_heads_switched_off_change_the_next_token(page):
    page.open(OFF, "table.plain")
    assert page.text("#main h1") == "Patching and ablation"
    whole = prediction(page, [])
    assert chances(page)["B"] == [number(whole["base"][0]["probability"])] * 2

    for head in range(4):
        page.click(f"[data-head='1.{head}']")
    page.says(".reading", "Off: L1H0, L1H1, L1H2, L1H3.")
    assert page.js("return document.querySelectorAll('.switch[aria-pressed=true]').length") == 4
    cut = prediction(page, [(1, head) for head in range(4)])
    edited = {token["token"]: token["probability"] for token in cut["edited"]}
    shown = chances(page)
    assert shown["B"][0] == number(whole["base"][0]["probability"])
    assert shown["B"][1] == (number(edited["B"]) if "B" in edited else f"below {number(cut['edited'][-1]['probability'])}")
    assert "B" not in edited or edited["B"] < whole["base"][0]["probability"] / 2, "without its induction heads the model cannot know"
    assert "off=1.0%2C1.1%2C1.2%2C1.3" in page.address

    page.click("[data-head='1.2']")
    page.says(".reading", "Off: L1H0, L1H1, L1H3.")
    page.click(page.labelled("All on", "button"))
    page.says(".reading", "All heads are on.")
    assert "off=" not in page.address


def test_the_bars_have_the_length_of_the_probabilities(page):
    page.open(OFF + "&off=1.2", "table.plain")
    cut = prediction(page, [(1, 2)])
    widths = page.js("return [...document.querySelectorAll('table.plain tbody tr')[0].querySelectorAll('.fill')].map((one) => parseFloat(one.style.width))")
    edited = {token["id"]: token["probability"] for token in cut["edited"]}
    first = cut["base"][0]
    assert abs(widths[0] - 100 * first["probability"]) < 0.01
    assert abs(widths[1] - 100 * edited.get(first["id"], 0)) < 0.01


def test_the_ablation_map_is_the_commands(page, work):
    page.open("/patching?kind=ablate", ".heatmap").done()
    told = answers("ablate", cwd=work)
    assert page.result(page.works()[-1]) == told
    ranked = sorted(told["results"], key=lambda part: -part["delta_loss"])
    assert [row[:3] for row in page.rows(".bars")] == [
        [head_name(part), number(part["delta_loss"]), interval(part["low"], part["high"])] for part in ranked[:12]
    ]
    for part in told["results"]:
        page.cell(part["layer"], part["head"])
        assert page.tip()[:2] == [
            f"{head_name(part)}  delta loss {number(part['delta_loss'])}",
            f"95% interval {interval(part['low'], part['high'])}",
        ]
    assert f"Loss as it is: {number(told['base']['loss'])} nats" in page.text("#main")


def test_other_ways_to_cut(page, work):
    page.open("/patching?kind=ablate&n=10", ".heatmap").done()
    page.pick("How", "mean")
    page.wait("the way in the address", lambda: "mode=mean" in page.address)
    page.pick("Cut", "attn")
    page.wait("two parts", lambda: len(page.rows(".bars")) == 2)
    page.done()
    told = answers("ablate", "--n-prompts", "10", "--mode", "mean", "--component", "attn", cwd=work)
    best = max(told["results"], key=lambda part: part["delta_loss"])
    assert page.rows(".bars")[0][:2] == [f"L{best['layer']} attn", number(best["delta_loss"])]


def patched(work, *more):
    files = {}
    for name in ["clean", "corrupted"]:
        (work / f"{name}.txt").write_text(PAIR[name] + "\n")
        files[name] = f"{name}.txt"
    for name in ["answers", "foils"]:
        (work / f"{name}.json").write_text(json.dumps([PAIR[name[:-1]]]))
        files[name] = f"{name}.json"
    return answers(
        "patch", "--clean", files["clean"], "--corrupted", files["corrupted"],
        "--answers", files["answers"], "--foils", files["foils"], *more, cwd=work,
    )


def test_clean_and_corrupted_stand_side_by_side(page):
    page.open(PATCH, ".aligned")
    rows = page.rows(".aligned")
    assert [row[0] for row in rows] == ["clean", "corrupted"]
    assert rows[0][1:] == ["<bos>", "A", "B (differs)", "C", "D", "E", "A"]
    assert rows[1][1:] == ["<bos>", "A", "F (differs)", "C", "D", "E", "A"]


def test_the_recovery_map_and_the_bars_are_the_commands(page, work):
    page.open(PATCH, ".heatmap").done()
    told = patched(work)
    shown = page.result(page.works()[-1])
    assert shown["results"] == told["results"]
    for part in told["results"]:
        page.cell(part["layer"], part["head"], click=True)
        page.says("#main", f"Clean, corrupted, patched: {head_name(part)}")
        assert [row[:2] for row in page.rows(".bars")] == [
            ["clean", number(told["clean"])], ["corrupted", number(told["corrupted"])], ["patched", number(part["patched"])],
        ]
        assert f"Recovery {number(part['recovery']['mean'])}" in page.text(".card:last-child .reading")
    assert "layer=1" in page.address and "head=3" in page.address


def test_patching_of_positions_finds_the_token_that_differs(page):
    page.open(PATCH.replace("kind=patch", "kind=positions"), ".heatmap").done()
    page.cell(0, 2)
    assert page.tip()[0].startswith("L0 at 2")
    result = page.result(page.works()[-1])
    there = next(part for part in result["results"] if part["layer"] == 0 and part["position"] == 2)
    assert there["recovery"]["mean"] > 0.99
    assert f"recovery {number(there['recovery']['mean'])}" in " ".join(page.tip())


def test_many_prompts_have_intervals(page, work):
    page.open("/patching?kind=patch&source=many&n=20", ".heatmap").done()
    told = answers("patch", "--n-prompts", "20", "--corrupt", "second", cwd=work)
    rows = {row[0]: row[1:] for row in page.table("Recovery of every part")}
    assert rows == {
        head_name(part): [fixed(part["recovery"]["mean"]), interval(part["recovery"]["low"], part["recovery"]["high"]), fixed(part["patched"])]
        for part in told["results"]
    }


def test_a_pair_can_be_made(page):
    page.open("/patching?kind=patch", ".heatmap").done()
    first = page.rows(".aligned")
    assert sum("differs" in cell for cell in first[0]) == 1
    page.click(page.labelled("Make a pair", "button"))
    page.wait("another pair", lambda: page.rows(".aligned") and page.rows(".aligned") != first)
    page.done()


def test_prompts_of_two_lengths_are_said_not_to_fit(page):
    page.open(PATCH.replace("corrupted=A+F+C+D+E+A", "corrupted=A+F+C+A"), ".warning")
    assert "differ in length" in page.text(".warning")
    page.says(".state.error", "align token by token")
