"""`nn-tui serve` for the tests, a visitor without a browser, and one with: Chromium."""

import asyncio
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pyte

LONGEST_WAIT = 60.0  # seconds; only a test that fails takes so long


class Served:
    """A server in a process of its own."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nn_tui", "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.search(r"http://\S+/", self.said)
        assert found, self.said
        self.url = found[0]

    def visitors(self) -> list[int]:
        """The processes of visitors."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]

    def end(self, ending: signal.Signals = signal.SIGTERM) -> int:
        """Have it end; its exit code."""
        self.process.send_signal(ending)
        return self.process.wait(LONGEST_WAIT)

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


async def until(condition: Callable[[], object], screen: Callable[[], str] = str) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end, f"never came; on the screen:\n{screen()}"
        await asyncio.sleep(0.02)


class Visitor:
    """Somebody who sees a terminal at the other end of a socket."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self.seen = bytearray()

    def draw(self, data: bytes) -> None:
        """Take what the server sends to be drawn."""
        self.seen += data
        self._stream.feed(data)

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    async def sees(self, *texts: str) -> None:
        """Wait until all these texts stand there."""
        await until(lambda: all(text in self.text() for text in texts), self.text)


class SocketVisitor(Visitor):
    """A visitor by the socket alone."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, size: tuple[int, int]) -> None:
        super().__init__(*size)
        self.socket = socket

    async def type(self, text: str) -> None:
        """Type something."""
        await self.socket.send_json(["stdin", text])

    async def read(self) -> None:
        """Draw what comes, until the socket is closed."""
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.draw(message.data)


async def _let_in(session: aiohttp.ClientSession, where: str) -> aiohttp.ClientWebSocketResponse:
    """The socket, once those who have just left have made room."""
    end = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return await session.ws_connect(where)
        except aiohttp.WSServerHandshakeError as error:
            if error.status != 503 or time.monotonic() > end:
                raise
            await asyncio.sleep(0.02)


@asynccontextmanager
async def visiting(
    served: Served, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[SocketVisitor]:
    """A visitor by the socket, until the end of the block."""
    async with aiohttp.ClientSession() as session:
        socket = await _let_in(session, f"{served.url}ws?width={size[0]}&height={size[1]}")
        visitor = SocketVisitor(socket, size)
        reading = asyncio.create_task(visitor.read())
        try:
            yield visitor
        finally:
            await socket.close()
            await reading


class ChromiumVisitor(Visitor):
    """A visitor with a page in Chromium: what its socket receives is drawn here too."""

    def __init__(self, tools: aiohttp.ClientWebSocketResponse) -> None:
        super().__init__(200, 60)
        self._tools = tools
        self._asked = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.problems: list[str] = []

    async def read(self) -> None:
        """Take what the browser tells."""
        async for message in self._tools:
            said = message.json()
            if "id" in said:
                self._answers[said["id"]].set_result(said.get("result", said))
            elif said["method"] == "Network.webSocketFrameReceived":
                frame = said["params"]["response"]
                if frame["opcode"] == 2:
                    self.draw(base64.b64decode(frame["payloadData"]))
            elif said["method"] == "Network.webSocketFrameSent":
                self._resized(json.loads(said["params"]["response"]["payloadData"]))
            elif said["method"] in ("Runtime.exceptionThrown", "Network.loadingFailed"):
                self.problems.append(json.dumps(said["params"]))

    def _resized(self, said: list[Any]) -> None:
        if said[0] == "resize":
            self._screen.resize(said[1]["height"], said[1]["width"])

    async def ask(self, method: str, **parameters: Any) -> Any:
        """Ask the browser for something; its answer."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await self._tools.send_json({"id": self._asked, "method": method, "params": parameters})
        return await answer

    async def type(self, text: str) -> None:
        """Press keys, a character each."""
        for each in text:
            for kind in ("keyDown", "keyUp"):
                typed = {"text": each} if kind == "keyDown" else {}
                await self.ask("Input.dispatchKeyEvent", type=kind, key=each, **typed)

    async def click(self, text: str) -> None:
        """Click on the first of these texts."""
        rows = self._screen.display
        y = next(y for y, row in enumerate(rows) if text in row)
        place = "document.querySelector('.xterm-screen').getBoundingClientRect().toJSON()"
        found = await self.ask("Runtime.evaluate", expression=place, returnByValue=True)
        screen = found["result"]["value"]
        at = {
            "x": screen["x"] + (rows[y].index(text) + 0.5) * screen["width"] / len(rows[y]),
            "y": screen["y"] + (y + 0.5) * screen["height"] / len(rows),
        }
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    async def picture(self) -> bytes:
        """The page as a PNG."""
        shot = await self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])


def chromium() -> str | None:
    """The program, where it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@asynccontextmanager
async def browsing(url: str, folder: Path) -> AsyncIterator[ChromiumVisitor]:
    """A page in a Chromium without a window, until the end of the block."""
    program = chromium()
    assert program is not None
    browser = await asyncio.create_subprocess_exec(
        program, "--headless=new", "--no-sandbox", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", "--window-size=1100,700", "about:blank",
        stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert browser.stderr is not None
    try:
        while b"DevTools listening on" not in (line := await browser.stderr.readline()):
            assert line, "Chromium has ended"
        address = line.decode().split()[-1]
        base = address.partition("/devtools")[0].replace("ws:", "http:")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{base}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            debugger = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(debugger, max_msg_size=0) as tools:
                visitor = ChromiumVisitor(tools)
                reading = asyncio.create_task(visitor.read())
                for part in ("Page", "Runtime", "Network"):
                    await visitor.ask(f"{part}.enable")
                await visitor.ask("Page.navigate", url=url)
                yield visitor
                await tools.close()
                await reading
    finally:
        with suppress(ProcessLookupError):
            os.killpg(browser.pid, signal.SIGKILL)
        await browser.wait()
