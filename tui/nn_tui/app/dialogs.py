"""What lies over the screen for a while: questions, options, help, sheets and the palette."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.config import Setting, setting, show
from nn_core.errors import RequestError
from nn_core.live.allowed import is_allowed
from nn_core.live.file_requests import Save
from nn_core.live.requests import (
    AddPoint,
    Assign,
    CheckGradient,
    FindRate,
    LeaveSearch,
    Request,
    Set,
)
from nn_core.storage.forms import FORMS, Form, form_of
from nn_tui.app.choosing import Choosing
from nn_tui.keys.commands import Command

if TYPE_CHECKING:
    from nn_core.explain.rows import NumberRow


class Dialogs(Choosing):
    """Asks for values and names, shows sheets, and hands on what comes of it."""

    def _type_parameter(self, row: "NumberRow") -> None:
        from nn_tui.dialogs.prompt import Prompt

        def check(text: str) -> float:
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise RequestError(f"{row.label} must be a finite number; not {text!r}")
            return value

        offered = f"{row.value:.6g}"

        def take(text: str | None) -> None:
            if text not in (None, offered):  # what is offered is rounded: it would change the value
                self._ask(Assign(row.index, check(text)))

        self.push_screen(Prompt(self._rows, row.label, offered, check), take)

    def action_epochs(self) -> None:
        """Type how many epochs to train."""
        self._type_setting(setting("epochs"))

    def _type_setting(self, found: Setting) -> None:
        from nn_tui.dialogs.prompt import Prompt

        turn = found.turn
        turned = turn and (lambda text, way: show(turn(found.read(text), way)))

        if self.snapshot is None:
            return
        offered = show(getattr(self.snapshot.config, found.name))

        def take(text: str | None) -> None:
            if text not in (None, offered):
                self._ask(Set(found.name, text))

        self.push_screen(Prompt(self._rows, found.title, offered, found.read, turned), take)

    def action_options(self) -> None:
        """Show all settings."""
        from nn_tui.dialogs import sheets

        if self.snapshot is not None:
            self.push_screen(
                sheets.Options(self._rows, self.snapshot, self._ask, self._type_setting)
            )

    def action_help(self) -> None:
        """Show what is on the screen and what the keys do."""
        from nn_tui.dialogs import sheets

        self.push_screen(sheets.Help(self._rows, sheets.parts(self.snapshot, self._view)))

    def action_find_rate(self) -> None:
        """Look for a learning rate, and show what comes of it."""
        from nn_tui.dialogs.finder_sheet import FinderSheet

        if self.snapshot is not None:
            self._ask(FindRate())
            self.push_screen(
                FinderSheet(self._rows, self._ask, self._markers),
                lambda _: self._ask(LeaveSearch()),
            )

    def action_save(self) -> None:
        """Save the run to a file, whose name says as what."""
        self._save_as(FORMS[0])

    def _save_as(self, form: Form) -> None:
        from nn_tui.dialogs import saving
        from nn_tui.dialogs.prompt import Prompt

        if self.snapshot is None:
            return
        if not is_allowed(Save, self.launch.limits):
            self._ask(Save(""))  # which says why not
            return
        name = saving.new_name(self.snapshot.config.experiment, form)

        def take(text: str | None) -> None:
            if text is not None:  # the prompt is gone from the picture after the next refresh
                self.call_after_refresh(self._save, text)

        prompt = Prompt(self._rows, saving.heading, name, saving.check, saving.turn)
        self.push_screen(prompt, take)

    def _save(self, text: str) -> None:
        is_picture = form_of(Path(text.strip())).title == "picture"
        self._ask(Save(text, self.export_screenshot(title="nn-tui") if is_picture else ""))

    def action_check_gradient(self) -> None:
        """Nudge parameters, and show whether the loss does what the gradient says."""
        from nn_tui.dialogs.check_sheet import CheckSheet

        if self.snapshot is not None:
            self._ask(CheckGradient())
            self.push_screen(CheckSheet(self._rows), lambda _: self._ask(LeaveSearch()))

    def action_palette(self) -> None:
        """Show everything by name."""
        from nn_tui.dialogs.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def _command(self, command: Command) -> None:
        """Carry out an entry of the palette, after its question if it has one."""
        if self.snapshot is None:
            return
        if command.form is not None:
            self._save_as(command.form)
            return
        if not command.question:
            self._ask(command.request_for(""))
            return
        self._type(command.question, command.suggest(self.snapshot), command.request_for)

    def _type(self, question: str, suggested: str, request_for: Callable[[str], Request]) -> None:
        """Ask for a text, and hand it to the training thread."""
        from nn_tui.dialogs.prompt import Prompt

        def take(text: str | None) -> None:
            if text is not None:
                self._ask(request_for(text))

        self.push_screen(Prompt(self._rows, question, suggested, str), take)

    def action_add_point(self) -> None:
        """Type a point and add it to the data."""
        if self.snapshot is not None:
            at = self.snapshot.point
            suggested = f"{at.x[0]:.4g}, {at.prediction:.4g}"
            names = f"{self.snapshot.scene.inputs[0]}, {self.snapshot.scene.target}"
            self._type(f"a new point: {names}", suggested, AddPoint)
