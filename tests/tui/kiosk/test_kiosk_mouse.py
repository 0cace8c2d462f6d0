"""The mouse in a kiosk: whatever is clicked asks for nothing that a kiosk doesn't allow."""

from dataclasses import replace
from typing import Any

import pytest
from textual.events import Click

from nn_core.config.limits import KIOSK
from nn_core.live.allowed import is_allowed
from nn_core.live.requests import Request
from nn_tui.text.rows import Rows

READ_ONLY = replace(KIOSK, files="none")
Cell = tuple[int, int]


class Visitor:
    """Clicks once on each thing that means something of its own, on whatever lies over what."""

    def __init__(self, person: Any) -> None:
        self.person, self.clicked, self.sheets = person, set[str](), set[str]()

    def targets(self) -> list[Cell]:
        """Cells of the topmost screen that mean what nothing clicked so far has meant."""
        app, found = self.person.app, list[Cell]()
        for part in app.screen.query(Rows):
            for y in range(part.size.height if part.display else 0):
                for x in range(part.size.width):
                    what = self._what(part, x, y)
                    if what and what not in self.clicked:
                        self.clicked.add(what)
                        found.append((part.region.x + x, part.region.y + y))
        return found

    def _what(self, part: Rows, x: int, y: int) -> str:
        meant = part.meant(x, y)
        if meant is None:
            return ""
        over = type(self.person.app.screen).__name__
        if meant.kind != "keys":
            return f"{over} {meant.kind} {meant.about}"
        keys = meant.text.split("   ")
        return f"{over} {keys[len(meant.text[: meant.at + 1].split('   ')) - 1]}"

    async def click_all(self) -> None:
        """Click on all, and in each kind of dialog that opens on all of it, once."""
        for cell in self.targets():
            name = await self._click(cell)
            if name and name not in self.sheets:
                self.sheets.add(name)
                for inner in self.targets():
                    if await self._click(inner) != name:
                        break
            await self._leave()

    async def _click(self, cell: Cell) -> str:
        """Click, and say which dialog is open then, "" for none."""
        app, (x, y) = self.person.app, cell
        app.screen.post_message(Click(app.screen, x, y, 0, 0, 1, False, False, False, x, y))
        await self.person.pilot.pause(0)
        await self.person.pilot.pause(0)
        return "" if app.screen is app.screen_stack[0] else type(app.screen).__name__

    async def _leave(self) -> None:
        app = self.person.app
        while app.screen is not app.screen_stack[0]:
            app.screen.dismiss()
            await self.person.pilot.pause(0)


async def test_no_click_asks_for_more_than_a_key_may(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = ("relu-net", "--hidden", "3")
    async with opened(*network, limits=READ_ONLY, size=(120, 40)) as person:
        app, asked = person.app, list[Request]()
        ask = app.link.ask

        def record(request: Request) -> None:
            asked.append(request)
            ask(request)

        monkeypatch.setattr(app.link, "ask", record)
        monkeypatch.setattr(app.dialogs, "_ask", record)
        monkeypatch.setattr(app, "exit", lambda *found, **named: None)
        visitor = Visitor(person)
        for view in "12345":
            await person.press(view)
            await visitor.click_all()
        assert asked
        assert visitor.sheets >= {"Options", "Help", "Palette"}
        assert {type(each) for each in asked if not is_allowed(type(each), READ_ONLY)} == set()
