"""`nn-tui serve`: a kiosk in a browser for each visitor, so many at once, and none left behind."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from served import Served, browsing, chromium, until, visiting

STARTED = ("a·x² + b·x + c", "loss 2.4219")
ALL_TAKEN = "All 2 places are taken; try again when somebody has left.\n"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A server for two, whose environment would change what visitors' processes do."""
    odd = {"PYTHONINSPECT": "", "TEXTUAL_THEME": "dracula", "NN_TUI_LEARNING_RATE": "7"}
    with Served("--visitors", "2", environment=odd) as server:
        yield server


async def test_ten_steps_and_a_lesson_in_a_kiosk_that_keeps_nothing(served: Served) -> None:
    async with visiting(served, size=(100, 30)) as visitor:
        await visitor.sees(*STARTED)
        assert b"\x1b[?1002h" in visitor.seen
        assert b"\x1b[?1003h" not in visitor.seen
        before = len(visitor.seen)
        await visitor.type("s")
        await visitor.sees("step 1 ")
        assert len(visitor.seen) - before < 2000  # only the cells that differ
        await visitor.type("s" * 9)
        await visitor.sees("step 10 ", "loss 2.2137")
        await visitor.type("w")
        await visitor.sees("kiosk")
        await visitor.type("t\r")
        await visitor.sees("task 1 of")
        [pid] = served.visitors()
        names = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        known = {b"TERM", b"COLORTERM", b"LANG", b"PATH", b"HOME"}
        assert {each.partition(b"=")[0] for each in names if each} <= known


async def test_another_size_and_a_claimed_one_that_nobody_has(served: Served) -> None:
    async with visiting(served, size=(80, 24)) as visitor:
        await visitor.sees(*STARTED)
        await visitor.socket.send_json(["resize", {"width": 10**9, "height": -5}])
        await visitor.socket.send_json(["resize", {"width": "wide"}])
        await visitor.socket.send_json(["resize", {"width": 80, "height": 20}])
        await visitor.socket.send_str("no JSON")
        await visitor.socket.send_json({"stdin": "q"})
        await visitor.socket.send_bytes(b"\xff")
        await visitor.type("\x1b[1114112u\x1b[48;9999;9999;1;1ts")
        await visitor.sees("step 1 ")


async def test_the_next_one_is_told_in_a_line_and_comes_in_once_somebody_has_left(
    served: Served,
) -> None:
    async with visiting(served) as first, visiting(served) as second, aiohttp.ClientSession() as at:
        await first.sees(*STARTED)
        async with at.get(served.url) as page:
            assert (page.status, await page.text()) == (503, ALL_TAKEN)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await at.ws_connect(f"{served.url}ws")
        await second.type("q")
        await until(lambda: len(served.visitors()) == 1)
        async with visiting(served) as third:
            await third.sees(*STARTED)


async def test_a_closed_tab_ends_the_process(served: Served) -> None:
    async with visiting(served) as visitor:
        await visitor.sees(*STARTED)
        await visitor.type(" ")
        await visitor.sees("running")
    await until(lambda: not served.visitors())


async def test_the_page_names_nothing_elsewhere_and_is_for_itself(served: Served) -> None:
    await until(lambda: not served.visitors())
    async with aiohttp.ClientSession() as at:
        async with at.get(served.url) as page:
            text = await page.text()
            assert page.status == 200
            assert "http" not in text.replace('.replace("http", "ws")', "")
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        for path in ("js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf"):
            async with at.get(f"{served.url}static/{path}") as found:
                assert found.status == 200
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await at.ws_connect(f"{served.url}ws", headers={"Origin": "http://elsewhere.example"})


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
async def test_the_end_of_the_server_is_the_end_of_its_visitors(
    ending: signal.Signals, code: int
) -> None:
    with Served("relu", "--visitors", "1") as server:
        async with visiting(server) as visitor:
            await visitor.sees("m1", "loss 3.2632")
            [pid] = server.visitors()
            assert await asyncio.to_thread(server.end, ending) == code
        await until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.soak
async def test_three_browsers_in_a_class(tmp_path: Path) -> None:
    """A click, ten steps and a lesson's first task in three pages at once on one machine."""
    if chromium() is None:
        pytest.skip("Chromium is not installed")

    async def take_part(url: str, at: int) -> None:
        async with browsing(url, tmp_path / str(at)) as visitor:
            await visitor.sees(*STARTED)
            await visitor.click("s step")
            await visitor.sees("step 1 ")
            await visitor.type("s" * 9)
            await visitor.sees("step 10 ", "loss 2.2137")
            (tmp_path / f"steps-{at}.png").write_bytes(await visitor.picture())
            await visitor.type("t\r")
            await visitor.sees("task 1 of")
            (tmp_path / f"lesson-{at}.png").write_bytes(await visitor.picture())
            assert visitor.problems == []

    with Served("--visitors", "3") as server:
        await asyncio.gather(*(take_part(server.url, at) for at in range(3)))
