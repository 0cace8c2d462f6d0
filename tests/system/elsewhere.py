"""nn-tui as on another system: `elsewhere.py HIDDEN,… [ARGUMENTS]`.

HIDDEN are modules, and functions of `signal`, that the other system hasn't.
With `pilot` in place of the arguments a person takes ten steps on the screen.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any


class Hiding(MetaPathFinder):
    """Finds none of these modules, whoever asks, but for plotext, which has others elsewhere."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        for name in names:
            sys.modules.pop(name, None)

    def find_spec(self, name: str, *_: Any) -> None:
        if name in self._names and not _is_asked_by("plotext"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _is_asked_by(package: str) -> bool:
    frame = sys._getframe()
    while frame.f_back is not None and package not in frame.f_code.co_filename:
        frame = frame.f_back
    return package in frame.f_code.co_filename


async def ten_steps() -> None:
    from textual.events import Key

    from nn_tui.cli.command_line import parse
    from nn_tui.cli.screen import laboratory

    app = laboratory(parse(["quadratic"]))
    async with app.run_test(size=(80, 24)):
        while app.snapshot is None:
            await asyncio.sleep(0.01)
        for _ in range(10):
            app.post_message(Key("s", "s"))
        while app.snapshot.step < 10:
            await asyncio.sleep(0.01)
        print(f"step {app.snapshot.step} loss {app.snapshot.loss:.4f}")


hidden, *arguments = sys.argv[1:]
for name in ("sigwait", "pthread_sigmask"):
    if name in hidden.split(","):
        delattr(signal, name)
sys.meta_path.insert(0, Hiding(hidden.split(",")))
if arguments == ["pilot"]:
    asyncio.run(ten_steps())
else:
    from nn_tui.__main__ import main

    sys.exit(main(arguments))
