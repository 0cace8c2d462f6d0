"""What is opened over the main screen: questions, options, help, sheets and the palette."""

import math
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from nn_core.config import WEIGHTS_SUFFIX, Setting, setting
from nn_core.config.limits import Limits
from nn_core.disk import require_there, typed_path
from nn_core.errors import RequestError
from nn_core.live.edit_requests import AddPoint, Assign, Set
from nn_core.live.file_requests import Save
from nn_core.live.requests import CompareRuns, Request, SeekTyped
from nn_core.live.search_requests import CheckGradient, FindRate, LeaveSearch, MeasureModel
from nn_core.live.typed_values import read_typed
from nn_core.storage.forms import FORMS, Form, form_of
from nn_tui.app.appearance import Appearance
from nn_tui.keys.commands import Command
from nn_tui.selection import Selection

if TYPE_CHECKING:
    from nn_core.explain.glossary import Term
    from nn_core.explain.rows import NumberRow
    from nn_core.explain.snapshot import Snapshot
    from nn_core.lessons.lesson import Lesson
    from nn_core.lessons.progress import Progress
    from nn_tui.dialogs.palette import Entry
    from nn_tui.dialogs.prompt import Prompt

Ask = Callable[[Request], None]


class Dialogs:
    """Opens what lies over the main screen of an app, and asks for what comes of it.

    `ask` is the way to the training thread; `shown` gives the snapshot on show, `has_lesson` tells
    whether a lesson stands in place of the words.  Nothing that needs a run is opened before there
    is one.
    """

    def __init__(
        self,
        app: App[int],
        appearance: Appearance,
        limits: Limits,
        ask: Ask,
        shown: "Callable[[], Snapshot | None]",
        has_lesson: Callable[[], bool],
    ) -> None:
        self._app, self._ask, self._shown, self._limits = app, ask, shown, limits
        self._rows, self._markers = appearance.rows, appearance.markers
        self._has_colour, self._has_lesson = appearance.has_colour, has_lesson
        self._has_shades = appearance.has_shades

    # --- values -------------------------------------------------------------------------------

    def type_parameter(self, row: "NumberRow") -> None:
        """Ask for a value of this parameter."""

        def read(text: str) -> float:
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise RequestError(f"{row.label} must be a finite number; not {text!r}")
            return value

        # What is offered is rounded: taken as it is, it would change the value.
        self._prompt(
            row.label,
            f"{row.value:.6g}",
            lambda text: Assign(row.index, read(text)),
            check=read,
            only_changed=True,
        )

    def type_setting(self, found: Setting, begun: str = "") -> None:
        """Ask for a value of this setting, of which so much may be typed already."""
        shown, turn = self._shown(), found.turn
        if shown is not None:
            from nn_core.optim.optimizers import in_force

            self._prompt(
                found.title,
                found.show(in_force(shown.config, found.name)),
                partial(Set, found.name),
                check=partial(read_typed, found, config=shown.config, limits=self._limits),
                turn=turn and (lambda text, way: found.show(turn(found.read(text), way))),
                only_changed=True,
                about=found.about,
                begun=begun,
            )

    def type_epochs(self) -> None:
        """Ask how many epochs to train."""
        self.type_setting(setting("epochs"))

    def type_step(self) -> None:
        """Ask for a step of this run to go to."""
        shown = self._shown()
        if shown is not None:
            title = f"go to step, 0 to {shown.tip}, or train on up to another"
            self._prompt(title, str(shown.step), SeekTyped, only_changed=True)

    def add_point(self) -> None:
        """Ask for a data point to add."""
        shown = self._shown()
        if shown is not None:
            at = shown.point
            names = f"{shown.scene.inputs[0]}, {shown.scene.target}"
            suggested = f"{at.x[0]:.4g}, {at.prediction:.4g}"
            self._prompt(f"a new point: {names}", suggested, AddPoint)

    def _prompt(
        self,
        title: str | Callable[[str], str],
        offered: str,
        request_for: Callable[[str], Request],
        check: Callable[[str], object] = str,
        turn: Callable[[str, int], str] | None = None,
        only_changed: bool = False,
        about: str = "",
        turns: str = "change",
        begun: str = "",
    ) -> None:
        """Ask for a text, beginning as offered, and then for what `request_for` makes of it.

        With what is `begun` already in place of what is offered typing goes on.
        """
        from nn_tui.dialogs.prompt import Prompt

        def take(text: str | None) -> None:
            if text is not None and not (only_changed and text == offered):
                self._ask(request_for(text))

        prompt = Prompt(self._rows, title, begun or offered, check, turn, bool(begun), about, turns)
        self._open(prompt, take)

    def ask_for(
        self,
        title: str,
        take: Callable[[str], None],
        check: Callable[[str], object],
        begun: str = "",
    ) -> None:
        """Ask for a text, of which so much is typed already, and hand it on."""
        from nn_tui.dialogs.prompt import Prompt

        def hand_on(text: str | None) -> None:
            if text is not None:
                take(text)

        self._open(Prompt(self._rows, title, begun, check, goes_on=True), hand_on)

    def _open(self, prompt: "Prompt", take: "Callable[[str | None], None]") -> None:
        """Open a prompt over the words, or in place of the keys where a lesson is in theirs."""
        prompt.set_class(self._has_lesson(), "low")
        self._app.push_screen(prompt, take)

    # --- sheets -------------------------------------------------------------------------------

    def options(self) -> None:
        """Show all settings."""
        from nn_tui.dialogs.options_sheet import Options

        shown = self._shown()
        if shown is not None:
            self._app.push_screen(Options(self._rows, shown, self._ask, self.type_setting))

    def help(
        self,
        shown: "Snapshot | None",
        selection: Selection,
        reads: str,
        look_up: Callable[[], object],
        first: list[tuple[str, str]],
    ) -> None:
        """Show what is on the screen, which reads so, and what the keys do; `first` before it."""
        from nn_tui.dialogs.help_sheet import Help, about_row, parts

        found = parts(shown, selection.view, self._has_colour)
        if shown is not None:
            found = about_row(selection.row(shown), shown) + found
        found = [*first, *found]
        self._app.push_screen(Help(self._rows, found, reads, look_up))

    def explain(self, term: "Term") -> None:
        """Say what a term means."""
        from nn_tui.dialogs.help_sheet import Meaning

        self._app.push_screen(Meaning(self._rows, term))

    def lessons(
        self,
        found: "Sequence[Lesson]",
        progress: "Progress",
        open_lesson: "Callable[[Lesson], object]",
        after: str,
    ) -> None:
        """Show the list of lessons, of which the one named `after` has just ended."""
        from nn_tui.dialogs.lessons_sheet import LessonsSheet

        self._app.push_screen(LessonsSheet(self._rows, found, progress, open_lesson, after))

    def draw(self, drawn: tuple[float, ...], put: Callable[[tuple[float, ...]], object]) -> None:
        """Have a picture drawn, beginning with what was drawn last; `put` takes each stroke."""
        from nn_tui.dialogs.drawing_sheet import DrawingSheet

        shown = self._shown()
        if shown is not None:
            self._app.push_screen(DrawingSheet(self._rows, shown, drawn, put, self._has_shades))

    def kept_runs(self) -> None:
        """Show the kept runs beside the one on the screen."""
        from nn_tui.dialogs.runs.kept_sheet import KeptSheet

        shown = self._shown()
        if shown is not None:
            self._ask(CompareRuns())
            self._app.push_screen(KeptSheet(self._rows, shown, self._ask))

    def steps(self, follows: bool = False) -> None:
        """Show the steps of the run, each with its loss; `follows`: see the sheet."""
        from nn_tui.dialogs.runs.steps_sheet import StepsSheet

        shown = self._shown()
        if shown is not None:
            sheet = StepsSheet(self._rows, shown, self._ask, follows, self._has_lesson())
            self._app.push_screen(sheet, lambda _: self._ask(LeaveSearch()))

    def arithmetic(self, reads: str, at: int = 0) -> None:
        """Show the arithmetic of the view, which reads so, uncut, from one of its lines on."""
        from nn_tui.dialogs.arithmetic_sheet import ArithmeticSheet

        shown = self._shown()
        if shown is not None:
            self._app.push_screen(ArithmeticSheet(self._rows, shown, reads, at))

    def find_rate(self) -> None:
        """Look for a learning rate, and show what comes of it."""
        from nn_tui.dialogs.finder_sheet import FinderSheet

        if self._shown() is not None:
            self._ask(FindRate())
            sheet = FinderSheet(self._rows, self._ask, self._markers)
            self._app.push_screen(sheet, lambda _: self._ask(LeaveSearch()))

    def map_settings(self) -> None:
        """Try pairs of values of two settings, and show where they lead."""
        from nn_tui.dialogs.map_sheet import MapSheet

        shown = self._shown()
        if shown is not None:
            sheet = MapSheet(self._rows, shown, self._ask, self._markers)
            self._app.push_screen(sheet, lambda _: self._ask(LeaveSearch()))

    def check_gradient(self) -> None:
        """Nudge parameters, and show whether the loss does what the gradient says."""
        from nn_tui.dialogs.check_sheet import CheckSheet

        if self._shown() is not None:
            self._ask(CheckGradient())
            self._app.push_screen(CheckSheet(self._rows), lambda _: self._ask(LeaveSearch()))

    def show_command(self) -> None:
        """Show the command line that opens this run, and put it into the clipboard."""
        from nn_core.storage.as_command import command
        from nn_tui.dialogs.command_sheet import CommandSheet

        shown = self._shown()
        if shown is not None:
            copies = self._limits.files == "all"
            if copies:
                self._app.copy_to_clipboard(shlex.join(command(shown.begun)))
            self._app.push_screen(CommandSheet(self._rows, shown, copies))

    def measure(self) -> None:
        """Show how good the model is, on the rows trained on and on those held back."""
        from nn_tui.dialogs.measures_sheet import MeasuresSheet

        if self._shown() is not None:
            self._ask(MeasureModel())
            self._app.push_screen(MeasuresSheet(self._rows), lambda _: self._ask(LeaveSearch()))

    # --- the palette --------------------------------------------------------------------------

    def palette(self, entries: "list[Entry]", typed: "Callable[[str], list[Entry]]") -> None:
        """Show everything by name; `typed` makes entries of what a person types out whole."""
        from nn_tui.dialogs.palette import Palette

        if not isinstance(self._app.screen, Palette):
            self._app.push_screen(Palette(self._rows, entries, typed))

    def carry_out(self, command: Command) -> None:
        """Carry out an entry of the palette, after its question if it has one."""
        shown = self._shown()
        if shown is None:
            return
        if command.form is not None:
            self.save_as(command.form)
        elif command.question:
            self._prompt(
                command.question, command.suggest(shown), command.request_for,
                check=lambda text: require_there(typed_path(text)),
                turn=command.turn, turns="saved runs",
            )  # fmt: skip
        else:
            self._ask(command.request_for(""))

    # --- saving -------------------------------------------------------------------------------

    def save(self) -> None:
        """Ask for a file's name, for the weights where the run was taken back to the best."""
        shown = self._shown()
        at_the_best = shown is not None and shown.is_back_at_the_best
        self.save_as(form_of(Path(WEIGHTS_SUFFIX)) if at_the_best else FORMS[0])

    def save_as(self, form: Form) -> None:
        """Ask for a file's name, beginning with one of this form, and save the run there."""
        from nn_tui.dialogs import saving
        from nn_tui.dialogs.prompt import Prompt

        shown = self._shown()
        if shown is None:
            return
        name, naming = saving.new_name(shown.config.experiment, form), saving.Naming(form)

        def take(text: str | None) -> None:
            if text is not None:  # the prompt is gone from the picture after the next refresh
                self._app.call_after_refresh(self._save, naming.whole(text))

        heading, turn = naming.heading, naming.turn
        prompt = Prompt(self._rows, heading, name, naming.check, turn, turns="another kind")
        self._open(prompt, take)

    def _save(self, text: str) -> None:
        is_picture = form_of(Path(text)).title == "picture"
        picture = self._app.export_screenshot(title="nn-tui") if is_picture else ""
        self._ask(Save(text, picture))
