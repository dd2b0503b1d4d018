"""What is not there or goes wrong is said in words, with a way on."""

from urllib.error import HTTPError

import pytest
from explorer import Server


@pytest.mark.complains("status of 4..")
def test_an_unknown_model_in_a_link(page):
    for path in ["/heads", "/attention", "/patching", "/lens", "/circuit"]:
        page.open(f"{path}?model=no-such-model", ".state.error")
        page.says(".state.error", "no-such-model")
    # The way on: another model.
    page.pick("Model", "induct-2l")
    page.find(".edge")


@pytest.mark.complains("status of 4..")
def test_a_prompt_that_the_model_cannot_read(page):
    page.open("/attention?prompt=A+zebra+A", ".state.error")
    page.says(".state.error", "zebra")
    page.ask("A B A")
    page.find(".heatmap")
    assert not page.all(".state.error")


def test_no_prompt(page):
    page.open("/attention?prompt=A+B+A", ".heatmap")
    page.ask(" ")
    page.says(".state.empty", "No prompt.")


@pytest.mark.complains("status of 4..")
def test_a_run_that_is_not_there(page):
    page.open("/runs/nowhere", ".state.error")
    page.says(".state.error", "nowhere")


def test_numbers_out_of_range_are_put_right(page):
    page.open("/heads?n=abc&score=best&seed=-3", ".heatmap").done()
    page.enter("How many", "0")
    page.says("#main", "; 1 repeat")
    page.done()
    assert page.labelled("How many", "input").get_property("value") == "1"


@pytest.mark.complains("status of 503")
def test_a_server_that_has_too_much_to_do(page):
    def asked(seed):
        question = {"prompts": {"kind": "recipe", "recipe": {"kind": "repeat", "count": 5000, "seed": seed, "lags": [4], "isLiteral": False}}, "seed": seed}
        return page.server.api("/api/work", {"command": "ablate", "model": "induct-4l", "question": question})["id"]

    ids = []
    try:
        with pytest.raises(HTTPError) as refused:
            for seed in range(100, 200):
                ids.append(asked(seed))
        assert refused.value.code == 503
        page.open("/heads?seed=77", ".state.error")
        page.says(".state.error", "The server is busy")
        # What takes a moment only is answered all the same.
        page.open("/attention?prompt=A+B+A", ".heatmap")
    finally:
        for id in ids:
            page.server.api(f"/api/work/{id}", {}, method="DELETE")
    page.open("/heads?seed=77", ".heatmap")


@pytest.mark.complains("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET")
def test_a_server_that_is_gone(page, tmp_path):
    own = Server(tmp_path)
    page.others = {own.origin}
    page.server, shared = own, page.server
    try:
        page.open("/attention?prompt=A+B+A", ".heatmap")
        own.stop()
        page.ask("A B C A")
        page.says(".state.error", "The server does not answer")
        page.says(".state.error", "Try again")
        page.click(next(one for one in page.all("#pages a") if one.text == "Circuit"))
        page.wait("a word on it", lambda: page.all(".state.error"))
    finally:
        own.stop()
        page.server = shared


@pytest.mark.complains("ERR_")
def test_work_that_the_server_takes_down_with_it(page, tmp_path):
    own = Server(tmp_path)
    page.others = {own.origin}
    page.server, shared = own, page.server
    try:
        page.open("/patching?kind=ablate&model=induct-4l&n=5000&prompts=repeat", "progress")
        page.wait("that it runs", lambda: " of " in page.text(".step"))
        own.stop()
        page.says(".state.error", "The server does not answer")
    finally:
        own.stop()
        page.server = shared


@pytest.mark.complains(r"vega\.js.*(404|BLOCKED)", "ERR_BLOCKED_BY_CLIENT", "ERR_FAILED")
def test_without_the_bundle_the_numbers_are_there(page):
    page.cdp("Network.enable")
    page.cdp("Network.setBlockedURLs", urls=["*/assets/vega.js"])
    try:
        page.open("/heads", ".heatmap").done()
        page.says(".lines", "make setup")
        assert len(page.rows(".bars")) == 8
    finally:
        page.cdp("Network.setBlockedURLs", urls=[])
