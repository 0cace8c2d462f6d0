"""The server of `nn-tui serve`: a page with a terminal, and a process for each that is open.

The page's script and its terminal are textual-serve's, and so is what is said between the two: on
the socket, JSON lists of what happens in the browser, and bytes to be drawn.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_tui.terminal.browser import LONGEST_PACKET, PRELUDE, packet

HEARTBEAT = 15.0  # seconds; a browser that doesn't answer has gone
ENDS_WITHIN = 2.0  # seconds, or a visitor's process is killed
LONGEST_MESSAGE = 100_000  # bytes from a browser
HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' data:; connect-src *; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# What a visitor's process is told: nothing of the server's own environment.
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


def serve(command: Sequence[str], host: str, port: int, visitors: int) -> int:
    """Serve until a signal comes; 128 more than its number."""
    return asyncio.run(_Server(command, visitors).run(host, port))


class _Server:
    def __init__(self, command: Sequence[str], visitors: int) -> None:
        self._command, self._most = command, visitors
        self._visitors = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._page = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
        found = find_spec("textual_serve")
        assert found is not None
        assert found.origin is not None
        self._static = Path(found.origin).parent / "static"

    async def run(self, host: str, port: int) -> int:
        app = web.Application()
        app.router.add_get("/", self._show_page)
        app.router.add_get("/ws", self._let_in)
        app.router.add_static("/static", self._static)
        app.on_shutdown.append(self._close_all)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2 * ENDS_WITHIN)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            try:
                await site.start()
            except (OSError, OverflowError) as error:
                words = getattr(error, "strerror", None) or error
                raise RequestError(f"{host}, port {port}: can’t listen there: {words}") from None
            at = f"[{host}]" if ":" in host else host
            port = runner.addresses[0][1]
            most = times(self._most, "visitor")
            print(f"nn-tui: http://{at}:{port}/ for {most} at once; ctrl+c ends it", flush=True)
            return 128 + await _signal()
        finally:
            await runner.cleanup()

    @property
    def _full(self) -> str:
        """What the next visitor is told while all places are taken; "" while one is free."""
        if self._visitors < self._most:
            return ""
        return f"All {times(self._most, 'place')} are taken; try again when somebody has left.\n"

    async def _show_page(self, request: web.Request) -> web.Response:
        if self._full:
            return web.Response(text=self._full, status=503, headers=HEADERS)
        page = self._page.substitute(most=times(self._most, "place"))
        return web.Response(text=page, content_type="text/html", headers=HEADERS)

    async def _let_in(self, request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return web.Response(text="This is for its own page alone.\n", status=403)
        if self._full:
            return web.Response(text=self._full, status=503)
        self._visitors += 1
        try:
            websocket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LONGEST_MESSAGE)
            await websocket.prepare(request)
            self._sockets.add(websocket)
            try:
                await self._visit(websocket, request)
            finally:
                self._sockets.discard(websocket)
            return websocket
        finally:
            self._visitors -= 1

    async def _visit(self, websocket: web.WebSocketResponse, request: web.Request) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**_TERMINAL, "PATH": os.defpath, "HOME": str(Path.home())},
        )
        assert process.stdin is not None
        assert process.stdout is not None
        drawing = asyncio.create_task(_draw(process.stdout, websocket))
        try:
            asked = (request.query.get(name, "") for name in ("width", "height"))
            width, height = (int(text) if text.isdecimal() else 0 for text in asked)
            if width and height:
                process.stdin.write(_resize(width, height))
            await _listen(websocket, process.stdin)
        except ConnectionError:  # the process has ended
            pass
        finally:
            await _end(process, drawing)
            await websocket.close()

    async def _close_all(self, app: web.Application) -> None:
        for each in tuple(self._sockets):
            await each.close(code=WSCloseCode.GOING_AWAY)


async def _draw(pictures: asyncio.StreamReader, websocket: web.WebSocketResponse) -> None:
    """Hand on what the process draws, until it ends; then close the socket."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        if await pictures.readline() == PRELUDE:
            while True:
                head = await pictures.readexactly(5)
                content = await pictures.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    await websocket.send_bytes(content)
                elif head[:1] == b"M" and json.loads(content) == {"type": "exit"}:
                    break
    await websocket.close()


async def _listen(websocket: web.WebSocketResponse, typed: asyncio.StreamWriter) -> None:
    """Hand on what is done in the browser, until it is closed; what is odd is left out."""
    async for message in websocket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            said: Any = message.json()
        except ValueError:
            continue
        match said:
            case ["stdin", str(text)]:
                data = text.encode("utf-8", "replace")
                typed.write(packet(b"D", data[:LONGEST_PACKET]))
            case ["resize", {"width": int(width), "height": int(height)}]:
                typed.write(_resize(width, height))
            case ["focus" | "blur" as kind, *_]:
                typed.write(packet(b"M", json.dumps({"type": kind}).encode()))
            case ["ping", str(text)]:
                await websocket.send_json(["pong", text])
        await typed.drain()


def _resize(width: int, height: int) -> bytes:
    return packet(b"M", json.dumps({"type": "resize", "width": width, "height": height}).encode())


async def _end(process: asyncio.subprocess.Process, drawing: "asyncio.Task[None]") -> None:
    """Have a visitor's process end, and wait until it has."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), ENDS_WITHIN)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    drawing.cancel()
    with suppress(asyncio.CancelledError):
        await drawing


async def _signal() -> int:
    """The number of the first signal that asks for the end."""
    loop, asked = asyncio.get_running_loop(), asyncio.Queue[int]()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(each, asked.put_nowait, each)
    return await asked.get()
