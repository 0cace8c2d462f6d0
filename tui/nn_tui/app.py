"""The App: pulls snapshots from the training thread, lays them out, turns keys into requests."""

import asyncio
import importlib
import math
import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from rich.style import Style
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nn_core.config import Setting, setting, settings, show
from nn_core.errors import RequestError
from nn_core.experiments import EXPERIMENTS
from nn_core.forms import FORMS, Form, form_of
from nn_tui import key_lines, layout, roles, spelling, views
from nn_tui.command_line import Asked
from nn_tui.commands import COMMANDS, Command
from nn_tui.keys import KEYS, key
from nn_tui.plot.widget import PlotWidget
from nn_tui.rows import Rows
from nn_tui.saving import save_all
from nn_tui.terminal import capabilities
from nn_tui.terminal.painting import PaintingApp

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from nn_core.runner import Runner
    from nn_core.snapshot import LayerRow, NumberRow, Scene, Snapshot, UnitRow
    from nn_core.timeline import Timeline
    from nn_core.trainer import Trainer

WidgetType = TypeVar("WidgetType", bound=Widget)

NUDGE = 0.1
WORDS_SECONDS = 1.0  # words change no faster than this while it runs


class Selection(NamedTuple):
    """What is chosen in a list, the first row of it in sight, and what of it is opened."""

    chosen: int = 0
    first: int = 0
    opened: str | None = None
    opened_at: int = 0


class Laboratory(PaintingApp[int]):
    """The screen on which a run is watched and steered."""

    TITLE = "nn-tui"
    BINDINGS: ClassVar[list[BindingType]] = [found.binding for found in KEYS]
    CSS_PATH = "app.tcss"
    COMMAND_PALETTE_BINDING = "ctrl+underscore"  # ours is among the keys

    def __init__(
        self, asked: Asked, build: "Callable[[], Trainer | Timeline] | None" = None
    ) -> None:
        super().__init__(ansi_color=True)
        self.asked = asked
        self._build = build
        self._background: roles.Background = background(asked.theme)
        self._colour = capabilities.has_colour(os.environ)
        self._markers = (
            capabilities.markers(os.environ) if asked.markers == "auto" else asked.markers
        )
        self._runner: Runner | None = None
        self.snapshot: Snapshot | None = None
        self.refused: RequestError | None = None
        self._chosen = 0
        self._first = 0
        self._point = 0
        self._opened: str | None = None
        self._opened_at = 0  # where the opened one stands in its list
        self._elsewhere = Selection()  # in the list that is not on show: of units, or of parameters
        self._partner = 0  # turns to another partner of the chosen parameter
        self._view = views.view("fit")
        self._view_outside: views.View | None = None  # to come back to after the step at hand
        self._words_changed = -math.inf
        self._woken = False
        self._awaiting = False  # whether something was asked for that isn't on show yet

    # --- layout -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The rows of the screen, from top to bottom."""
        yield self._rows("header")
        with Horizontal(id="body"):
            yield self._rows("view")
            with Horizontal(id="plots"):
                yield self._rows("fit", PlotWidget)
                with Vertical(id="curves"):
                    yield self._rows("loss", PlotWidget)
                    yield self._rows("gradient", PlotWidget)
        yield self._rows("point")
        yield self._rows("table")
        yield self._rows("words")
        yield self._rows("status")
        yield self._rows("keys")

    def _main(self, selector: str, kind: type[WidgetType]) -> WidgetType:
        """A part of the main screen, whatever lies over it."""
        return self.screen_stack[0].query_one(selector, kind)

    def _rows(self, name: str, kind: type[Rows] = Rows) -> Rows:
        spell: Callable[[str], str] = str
        if self._markers == "ascii":
            spell = spelling.to_ascii
        elif capabilities.is_console(os.environ):
            spell = spelling.to_console
        return kind(self._style, id=name, spell=spell)

    def _style(self, role: str) -> Style:
        return roles.style(role, self._background, self._colour)

    def on_mount(self) -> None:
        """Paint first; only then import what training needs, and start it."""
        self._arrange(self.size)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out)
        self._show_frame()
        self._ticks = self.set_interval(1 / self.asked.frames_per_second, self._tick, pause=True)
        self.call_after_refresh(self.run_worker, self._begin(), exit_on_error=True)

    async def _begin(self) -> None:
        for module in ("nn_core.runner", "plotext", "nn_tui.plots", "nn_tui.table", "nn_tui.lines"):
            await asyncio.to_thread(importlib.import_module, module)
        from nn_core.runner import Runner
        from nn_core.trainer import Trainer

        loop = asyncio.get_running_loop()
        config = self.asked.config
        build = self._build or (lambda: Trainer.from_config(config))
        self._runner = Runner(build, partial(loop.call_soon_threadsafe, self._wake))
        self._runner.start()
        self._look()

    def on_unmount(self) -> None:
        """End the training thread with the screen."""
        if self._runner is not None:
            self._runner.stop()

    def on_resize(self, event: Resize) -> None:
        """Give each part its room in the new size."""
        self._arrange(event.size)

    def _laid_out(self, screen: Screen[Any]) -> None:
        """Draw into the parts of the screen once they have their new sizes."""
        if self.snapshot is not None and self.is_running:
            self._draw(self.snapshot, size_changed=True)
            self._look()

    def _arrange(self, size: Size) -> None:
        """Set the heights: what is fixed stays, the table takes what it needs, plots the rest."""
        width, height = size
        kind, count = _SCALARS.get(self.asked.config.model, ("mlp", 4))
        if self.snapshot is not None:
            kind, count = self.snapshot.scene.kind, self.snapshot.row_count
        for name in ("body", "words", "status", "keys"):
            self._main(f"#{name}", Widget).display = not layout.is_too_small(size)
        room, view = not layout.is_too_small(size), self._view
        alone = view.name == "fit"
        self._main("#table", Widget).display = room and not view.own_rows
        self._main("#table", Widget).styles.height = 1 + layout.table_rows(kind, count, height)
        self._main("#point", Widget).display = (
            room and alone and layout.has_point_line(kind, height)
        )
        self._main("#view", Widget).display = not alone
        side = layout.side_width(width)
        plots = self._main("#plots", Widget)
        plots.display = bool(alone or side)
        plots.styles.width = "1fr" if alone else side
        plots.styles.layout = "horizontal" if alone else "vertical"
        self._main("#curves", Widget).display = not alone or width >= layout.TWO_PLOTS_FROM
        self._main("#gradient", Widget).display = alone and height >= layout.THIRD_PLOT_FROM

    # --- snapshots ----------------------------------------------------------------------------

    def _wake(self) -> None:
        """Take note that there is a newer snapshot; several before the next draw are one."""
        if not self._woken:
            self._woken = True
            self.call_next(self._pull)

    def _pull(self) -> None:
        self._woken = False
        runner = self._runner
        if runner is None or not self.is_running:  # a snapshot may come while the app is closing
            return
        if isinstance(runner.failure, RequestError):
            self.refused = runner.failure
            self.exit(return_code=2)
            return
        if runner.failure is not None:
            raise runner.failure
        snapshot = runner.snapshot
        if snapshot is None or snapshot is self.snapshot:
            return
        self.snapshot, before = snapshot, self.snapshot
        self._awaiting = False
        first_one = before is None or before.scene is not snapshot.scene
        if first_one:
            if before is None or _listed_by(before.scene) != _listed_by(snapshot.scene):
                self._elsewhere = Selection()
                self._select(self._elsewhere)
            self._point = min(self._point, snapshot.scene.rows - 1)
        self._choose_what_was_placed(snapshot, before)
        if self._is_listed(snapshot):
            self._chosen = min(self._chosen, snapshot.row_count - 1)
        if first_one or (before and before.row_count != snapshot.row_count):
            self._arrange(self.size)
            self.call_after_refresh(self._look)
        if self.screen is not self.screen_stack[0] and hasattr(self.screen, "show_snapshot"):
            self.screen.show_snapshot(snapshot)
        if snapshot.running != (before is not None and before.running):
            (self._ticks.resume if snapshot.running else self._ticks.pause)()
            self._words_changed = -math.inf  # what was said before it ran is over
        if not self._follow_into_the_step(snapshot, before):
            self._draw(snapshot)

    def _tick(self) -> None:
        if not self.is_behind:
            self._look()

    def _visible_rows(self) -> int:
        if self._view.own_rows:
            opened = self._opened is not None and self._view.opened_rows
            return layout.own_rows(opened or self._view.own_rows, self.size.height)
        return max(1, self._main("#table", Widget).size.height - 1)

    def _look(self) -> None:
        """Ask for a snapshot of what is on the screen now."""
        if self._runner is None or not self.is_running:
            return
        from nn_core.snapshot import Request

        # The chosen row in sight, however many this view lists.
        hidden = self._chosen - self._visible_rows() + 1
        self._first = max(min(self._first, self._chosen), hidden)
        dots = 2  # of a braille cell
        request = Request(
            bins=max(16, self._main("#loss", Widget).size.width * dots),
            grid=max(16, self._main("#fit", Widget).size.width * dots),
            point=self._point, opened=self._opened, first=self._first,
            count=self._visible_rows(), chosen=self._chosen, view=self._view.name,
            by_unit=self._view.by_unit, opened_at=self._opened_at,
            partner=self._partner,
        )  # fmt: skip
        self._runner.ask("look", request)

    def _draw(self, snapshot: "Snapshot", size_changed: bool = False) -> None:
        from nn_tui import lines, plots
        from nn_tui.table import table

        width = self.size.width
        show: dict[str, Any] = {
            "header": [lines.header(snapshot, self.size)],
            "point": [lines.point(snapshot, width)],
            "table": table(
                    snapshot, self._chosen, self._first,
                    self._main("#table", Widget).size.height or 5, width,
                ) + lines.raw_formula(snapshot),
            "status": [lines.status(snapshot, width)],
        }  # fmt: skip
        for name, content in show.items():
            self._main(f"#{name}", Rows).show(content)
        now = time.monotonic()
        if not snapshot.running or now - self._words_changed >= WORDS_SECONDS or size_changed:
            self._main("#words", Rows).show(lines.words(snapshot))
            self._words_changed = now
        view = self._main("#view", Rows)
        if view.display and snapshot.request.view == self._view.name:
            frame = views.Frame(*view.size, self._markers)
            view.show(self._view.draw(snapshot, frame))
        if self._main("#plots", Widget).display:
            self._main("#fit", PlotWidget).show_plot(
                plots.fit(snapshot, self._markers, width >= layout.RESIDUALS_FROM)
            )
            self._main("#loss", PlotWidget).show_plot(plots.loss(snapshot, self._markers))
        if self._main("#gradient", Widget).display:
            self._main("#gradient", PlotWidget).show_plot(plots.gradient(snapshot, self._markers))
        self._show_keys()

    def _show_frame(self) -> None:
        """What stands on the screen before the first snapshot: titles and keys, in their places."""
        width = self.size.width
        self._main("#header", Rows).show([[(" nn-tui   ", "strong"), ("starting …", "quiet")]])
        for name, title in (("fit", "fit"), ("loss", "loss by step"), ("table", "")):
            rule: roles.Line = [("── ", "rule"), (title, "strong"), (" " + "─" * width, "rule")]
            self._main(f"#{name}", Rows).show([rule])
        self._show_keys()

    def _show_keys(self) -> None:
        layers = self.asked.config.model == "mlp"
        if self.snapshot is not None:
            layers = self.snapshot.scene.kind == "mlp"
        self._main("#keys", Rows).show(
            key_lines.keys(
                self.snapshot, layers, self._opened is not None, self._view,
                lambda name: self.check_action(name, ()), self.size.width,
            )
        )  # fmt: skip

    # --- views --------------------------------------------------------------------------------

    def action_next_view(self) -> None:
        """Show the next view."""
        self._turn_view(1)

    def action_previous_view(self) -> None:
        """Show the view before."""
        self._turn_view(-1)

    def _turn_view(self, way: int) -> None:
        at = (views.VIEWS.index(self._view) + way) % len(views.VIEWS)
        self.action_show_view(views.VIEWS[at].name)

    def action_show_view(self, name: str) -> None:
        """Show a view, and stay with it."""
        self._view_outside = None
        self._show_view(views.view(name))

    def _show_view(self, view: views.View) -> None:
        if view.by_unit != self._view.by_unit:
            left = Selection(self._chosen, self._first, self._opened, self._opened_at)
            self._select(self._elsewhere)
            self._elsewhere = left
        self._view = view
        self._arrange(self.size)
        self.call_after_refresh(self._look)

    def _select(self, selection: "Selection") -> None:
        self._chosen, self._first, self._opened, self._opened_at = selection

    def _choose_what_was_placed(self, now: "Snapshot", before: "Snapshot | None") -> None:
        """Choose the unit that was just added where it can mend most; it is the last."""
        from nn_core.snapshot import Placed

        news = before is None or now.deed is not before.deed
        if self._view.by_unit and isinstance(now.deed, Placed) and news:
            self._select(Selection(now.config.hidden[0] - 1))
            self._first = max(0, self._chosen - self._visible_rows() + 1)

    def _follow_into_the_step(self, now: "Snapshot", before: "Snapshot | None") -> bool:
        """Show the step where one was just gone into, and what was shown before once it is done.

        Whether the view is another now; the update done by hand still belongs to its step.
        """
        began = now.in_a_step and before is not None and not before.in_a_step
        if began and self._view.name != "step":
            self._view_outside = self._view
            self._show_view(views.view("step"))
            return True
        if self._view_outside and not now.in_a_step:
            self._show_view(self._view_outside)
            self._view_outside = None
            return True
        return False

    # --- keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None, which dims the key, where an action doesn't apply just now."""
        if action == "ask" and self._awaiting:
            return True  # what is shown may be behind what was typed: the thread will know
        if action in ("next_view", "previous_view") and self.screen is not self.screen_stack[0]:
            return False  # the key is the palette's, or the prompt's
        name = str(parameters[0]) if action == "ask" else action
        if name not in _NAMES:
            return True
        shown = self.snapshot
        if shown is None:
            return True if name in ("quit", "leave", "help") else None
        listed = shown.scene.kind == "mlp" or self._lists_units()  # layers, or units
        on_layer = listed and self._opened is None
        applies = {
            "step_back": shown.step > 0 or shown.phase > 0,
            "next_epoch": shown.steps_per_epoch > 1,
            "out": shown.phase > 0 or self._opened is not None,
            "lower": not on_layer,
            "raise": not on_layer,
            "row_up": self._opened is not None,
            "row_down": self._opened is not None,
            "partner": self._view.name == "slope",
            "keep": shown.tip > 0,
            "contest": shown.scene.kind != "mlp",
            "hint": shown.contest is not None,
            "add_unit": shown.scene.kind == "mlp",
            "remove_unit": shown.scene.kind == "mlp",
            "add_layer": shown.scene.kind == "mlp",
            "remove_layer": len(shown.scene.layers) > 4,
            "add_point": shown.scene.over_x,
            "remove_point": shown.scene.over_x and shown.scene.rows > 1,
        }
        return True if applies.get(name, True) else None

    def action_ask(self, name: str) -> None:
        """Ask the training thread for what a key stands for."""
        self._ask(*key(name).asks)

    def _ask(self, *request: Any) -> None:
        if self._runner is not None:
            self._awaiting = True
            self._runner.ask(*request)

    def action_up(self) -> None:
        """Choose the row above."""
        self._choose(-1)

    def action_down(self) -> None:
        """Choose the row below."""
        self._choose(1)

    def action_row_up(self) -> None:
        """Choose the same input of the unit before."""
        self._choose(0, rows=-1)

    def action_row_down(self) -> None:
        """Choose the same input of the next unit."""
        self._choose(0, rows=1)

    def action_first(self) -> None:
        """Choose the first row."""
        self._choose(-self._chosen)

    def action_last(self) -> None:
        """Choose the last row."""
        self._choose(-1 - self._chosen)

    def _grid(self, shown: "Snapshot") -> tuple[int, int]:
        """Rows and columns of what is chosen from: a matrix where one is opened, else a list.

        Told from what is opened, not from the rows on show, which may be those before it was.
        """
        if self._lists_units():
            return shown.row_count, 1
        if self._opened is None:
            return len(shown.scene.layers) or shown.row_count, 1
        number, _, kind = self._opened.partition(".")
        widths = (len(shown.scene.inputs), *shown.config.hidden, 1)
        inputs, units = widths[int(number) // 2 :][:2]
        return units, inputs if kind == "weight" else 1

    def _choose(self, way: int, rows: int = 0) -> None:
        """Choose another row of the table, so many on, or so many rows of an opened matrix.

        Around its ends, and scrolled into sight.
        """
        if self.snapshot is None:
            return
        units, inputs = self._grid(self.snapshot)
        self._chosen = (self._chosen + way + rows * inputs) % (units * inputs)
        self._look()

    def action_previous_point(self) -> None:
        """Choose the data point before."""
        self._choose_point(-1)

    def action_next_point(self) -> None:
        """Choose the next data point."""
        self._choose_point(1)

    def _choose_point(self, way: int) -> None:
        if self.snapshot is not None:
            self._point = (self._point + way) % self.snapshot.scene.rows
            self._look()

    def _chosen_row(self) -> "NumberRow | LayerRow | UnitRow | None":
        shown = self.snapshot
        if shown is None or not self._is_listed(shown):
            return None
        at = self._chosen - shown.request.first
        return shown.rows[at] if 0 <= at < len(shown.rows) else None

    def _is_listed(self, shown: "Snapshot") -> bool:
        """Whether the rows are of the list now on show; just after a turn they are still others."""
        asked = shown.request
        return (asked.by_unit, asked.opened) == (self._view.by_unit, self._opened)

    def _lists_units(self) -> bool:
        shown = self.snapshot
        return shown is not None and self._view.lists_units_of(shown.scene.kind)

    def action_partner(self) -> None:
        """Take another parameter beside the chosen one."""
        self._partner += 1
        self._look()

    def action_lower(self) -> None:
        """Lower the chosen parameter."""
        self._nudge(-NUDGE)

    def action_raise(self) -> None:
        """Raise the chosen parameter."""
        self._nudge(NUDGE)

    def _nudge(self, amount: float) -> None:
        from nn_core.snapshot import NumberRow

        row = self._chosen_row()
        if isinstance(row, NumberRow):
            self._ask("nudge", row.index, amount)

    def action_enter(self) -> None:
        """Open the chosen layer, or type a value for the chosen parameter."""
        from nn_core.snapshot import NumberRow

        row = self._chosen_row()
        if isinstance(row, NumberRow):
            self._type_parameter(row)
        elif self._opened is None and (row is not None or self._lists_units()):
            name = row.label if row is not None else f"unit {self._chosen}"  # not listed yet
            self._select(Selection(opened=name, opened_at=self._chosen))
            self._look()

    def _type_parameter(self, row: "NumberRow") -> None:
        from nn_tui.prompt import Prompt

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
                self._ask("assign", row.index, check(text))

        self.push_screen(Prompt(self._rows, row.label, offered, check), take)

    def _chosen_layer(self) -> int:
        """The hidden layer, from 0, that is chosen or opened; of the output the one before it."""
        shown, row = self.snapshot, self._chosen_row()
        if shown is None or row is None:
            return 0
        if self._lists_units():
            return int(shown.insight.layer.number)
        number = int((self._opened or row.label).split(".")[0]) // 2
        return min(number, len(shown.scene.layers) // 2 - 2)

    def action_add_unit(self) -> None:
        """Add a unit to the chosen layer."""
        self._ask("add_unit", self._chosen_layer())

    def action_remove_unit(self) -> None:
        """Remove the last unit of the chosen layer."""
        self._ask("remove_unit", self._chosen_layer())

    def action_add_point(self) -> None:
        """Type a point and add it to the data."""
        if self.snapshot is not None:
            at = self.snapshot.point
            suggested = f"{at.x[0]:.4g}, {at.prediction:.4g}"
            names = f"{self.snapshot.scene.inputs[0]}, {self.snapshot.scene.target}"
            self._type(f"a new point: {names}", suggested, "add_point")

    def action_remove_point(self) -> None:
        """Delete the chosen data point."""
        if self.snapshot is not None:
            self._ask("remove_point", self.snapshot.point.index)

    def action_epochs(self) -> None:
        """Type how many epochs to train."""
        self._type_setting(setting("epochs"))

    def _type_setting(self, found: Setting) -> None:
        from nn_tui.prompt import Prompt

        turn = found.turn
        turned = turn and (lambda text, way: show(turn(found.read(text), way)))

        if self.snapshot is None:
            return
        offered = show(getattr(self.snapshot.config, found.name))

        def take(text: str | None) -> None:
            if text not in (None, offered):
                self._ask("set", found.name, text)

        self.push_screen(Prompt(self._rows, found.title, offered, found.read, turned), take)

    def action_options(self) -> None:
        """Show all settings."""
        from nn_tui import sheets

        if self.snapshot is not None:
            self.push_screen(
                sheets.Options(self._rows, self.snapshot, self._ask, self._type_setting)
            )

    def action_help(self) -> None:
        """Show what is on the screen and what the keys do."""
        from nn_tui import sheets

        self.push_screen(sheets.Help(self._rows, sheets.parts(self.snapshot, self._view)))

    def action_find_rate(self) -> None:
        """Look for a learning rate, and show what comes of it."""
        from nn_tui.finder_sheet import FinderSheet

        if self.snapshot is not None:
            self._ask("find_rate")
            self.push_screen(
                FinderSheet(self._rows, self._ask, self._markers),
                lambda _: self._ask("leave_search"),
            )

    def action_save(self) -> None:
        """Save the run to a file, whose name says as what."""
        self._save_as(FORMS[0])

    def _save_as(self, form: Form) -> None:
        from nn_tui import saving
        from nn_tui.prompt import Prompt

        if self.snapshot is None:
            return
        name = saving.new_name(self.snapshot.config.experiment, form)

        def take(text: str | None) -> None:
            if text is not None:  # the prompt is gone from the picture after the next refresh
                self.call_after_refresh(self._save, text)

        prompt = Prompt(self._rows, saving.heading, name, saving.check, saving.turn)
        self.push_screen(prompt, take)

    def _save(self, text: str) -> None:
        is_picture = form_of(Path(text.strip())).title == "picture"
        self._ask("save", text, self.export_screenshot(title="nn-tui") if is_picture else "")

    def action_check_gradient(self) -> None:
        """Nudge parameters, and show whether the loss does what the gradient says."""
        from nn_tui.check_sheet import CheckSheet

        if self.snapshot is not None:
            self._ask("check_gradient")
            self.push_screen(CheckSheet(self._rows), lambda _: self._ask("leave_search"))

    def action_palette(self) -> None:
        """Show everything by name."""
        from nn_tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette lists: keys, settings, experiments."""
        from nn_core.snapshot import UnitRow

        for found in KEYS:
            parameters = (found.name,)
            if found.name != "palette" and self.check_action("ask", parameters):
                # Found by what it does and by the word that the key lines have for it.
                known = found.brief.lower() in found.about.lower()
                title = found.about if known else f"{found.about} ({found.brief})"
                yield SystemCommand(title, f"key {found.shown}", partial(self._act, found.action))
        for each in settings():
            if each.name != "experiment":
                yield SystemCommand(
                    f"Set {each.title}", each.about, partial(self._type_setting, each)
                )
        row = self._chosen_row()
        if row is not None and not isinstance(row, UnitRow):
            yield SystemCommand(
                "Freeze the chosen parameter, or free it", "frozen, it gets no update",
                self._turn_frozen,
            )  # fmt: skip
        yield SystemCommand(
            "Find a learning rate", "tries rates on copies of the run", self.action_find_rate
        )
        for command in COMMANDS:
            yield SystemCommand(command.title, command.about, partial(self._command, command))
        for name, experiment in EXPERIMENTS.items():
            yield SystemCommand(
                f"Open {name}", experiment.about, partial(self._ask, "restart", experiment.config)
            )

    def _turn_frozen(self) -> None:
        row = self._chosen_row()
        if row is not None:
            self._ask("turn_frozen", row.label.partition("[")[0])

    def _command(self, command: Command) -> None:
        """Carry out an entry of the palette, after its question if it has one."""
        if self.snapshot is None:
            return
        if command.form is not None:
            self._save_as(command.form)
            return
        if not command.question:
            self._ask(command.request)
            return
        self._type(command.question, command.suggest(self.snapshot), command.request)

    def _type(self, question: str, suggested: str, request: str) -> None:
        """Ask for a text, and hand it to the training thread."""
        from nn_tui.prompt import Prompt

        def take(text: str | None) -> None:
            if text is not None:
                self._ask(request, text)

        self.push_screen(Prompt(self._rows, question, suggested, str), take)

    async def _act(self, action: str) -> None:
        await self.run_action(action)

    def action_out(self) -> None:
        """Leave the step for where it began, or close the opened layer."""
        shown = self.snapshot
        if shown is not None and shown.phase:
            self._ask("seek", shown.step)
        elif self._opened is not None and shown is not None:
            self._chosen, self._opened = self._opened_at, None
            self._first = max(0, self._chosen - self._visible_rows() + 1)
            self._look()

    def action_leave(self) -> None:
        """Quit."""
        self.exit(0)

    async def action_quit(self) -> None:
        """Quit."""
        self.exit(0)

    def save(self, path: Path) -> None:
        """Save the run to a file, once the app has ended."""
        if self._runner is not None:
            self._runner.save(path)


# Rows listed before the first snapshot tells: a, b, c; m1, b1, m2, b2.
_SCALARS = {"quadratic": ("quadratic", 3), "relu": ("relu", 4)}
_NAMES = {found.name for found in KEYS}
_BROUGHT = ("data", "rows", "validation", "scale", "hidden", "load", "freeze")


def background(theme: str) -> roles.Background:
    """Dark or light, as asked, or as the terminal tells in COLORFGBG; dark where nothing does."""
    if theme in ("dark", "light"):
        return "light" if theme == "light" else "dark"
    last = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if last in ("7", "15") else "dark"


def _listed_by(scene: "Scene") -> tuple[str, ...]:
    """What the lists of parameters and units go by."""
    return (scene.kind, *scene.layers)


def run(asked: Asked) -> int:
    """Run the app in this terminal; the exit code.

    What a person brought, a file, a shape of network or the names of its parts, is looked at before
    the screen opens, so that a mistake in it is one line and no more.
    """
    build = None
    known = EXPERIMENTS[asked.config.experiment].config
    brought = any(getattr(asked.config, name) != getattr(known, name) for name in _BROUGHT)
    if brought or asked.session is not None:
        from nn_tui.opening import open_asked

        asked, build = open_asked(asked)
    app = Laboratory(asked, build)
    code = app.run_to_end(asked.mouse)
    if app.refused is not None:
        raise app.refused
    save_all(asked.save, app.save)
    return code
