"""The options: all settings of a run, each with its value, to be turned or typed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from nn_core.config import CONSTANTS, Setting, settings, show
from nn_core.config.experiments import default_of
from nn_core.config.idle import idle
from nn_core.config.key_names import with_keys
from nn_core.formatting import short
from nn_core.live.edit_requests import Set, Turn
from nn_core.live.requests import Request
from nn_tui.dialogs.overlay import Choosing
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.cells import shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot

VALUE_CELLS = 17
BARS = "▁▂▃▄▅▆▇█"
INDENT = 19  # cells before the small plot of a schedule
USUAL = {  # what learners and teachers turn; the other settings lie behind `more`
    *("learning_rate", "zero_gradients", "schedule", "optimizer", *CONSTANTS, "batch_size"),
    *("epochs", "pace", "model", "hidden", "activation", "loss", "load"),
    *("data", "rows", "noise", "validation", "scale", "seed"),
}
TITLES = {
    "now": "takes effect on the next step",
    "view": "how long and how fast",
    "restart": "begins another run; the old curve stays where it can",
}


def _typed(each: Setting, value: Any) -> str:
    """A value as the options show it."""
    if each.name == "batch_size" and value == 0:
        return "all rows"
    return each.spell(show(value)) or "–"


class Options(Choosing, Sheet):
    """The fields of the Config: choose, turn or type."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "change", id="lower"),
        Binding("right", "turn(1)", "change", id="raise"),
        ("enter", "do_chosen", "type"),
        ("backspace", "restore", "default"),
        Binding("o", "dismiss", "out", id="options"),
        *((digit, f"type('{digit}')", "") for digit in "0123456789"),
        ("full_stop", "type('.')", ""),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        snapshot: "Snapshot",
        ask: Callable[[Request], None],
        prompt: Callable[..., None],
    ) -> None:
        super().__init__(make_rows)
        self._snapshot, self._ask, self._prompt = snapshot, ask, prompt
        found = [
            each
            for effect in TITLES
            for each in settings()
            if each.effect == effect and each.name != "experiment" and len(each.choices) != 1
        ]
        self._usual = [each for each in found if each.name in USUAL]
        self._others = [each for each in found if each.name not in USUAL]
        self._opened = False
        self._chosen = 0

    @property
    def _entries(self) -> list[Setting | None]:
        """The settings that can be chosen; None stands for the row `more`."""
        return [*self._own(self._usual), None, *(self._own(self._others) if self._opened else ())]

    def _own(self, found: list[Setting]) -> list[Setting]:
        """Those that this run's optimizer has, if they are an optimizer's."""
        from nn_core.optim.optimizers import has_setting

        optimizer = self._snapshot.config.optimizer
        return [each for each in found if has_setting(optimizer, each.name)]

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Show the settings now in force."""
        self._snapshot = snapshot
        self._chosen = min(self._chosen, len(self._entries) - 1)
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The settings under what a change of them does."""
        lines: list[Line] = []
        effect = ""
        self._rows: dict[int, int] = {}
        for at, each in enumerate(self._entries):
            if each is not None and each.effect != effect:
                effect = each.effect
                lines.append([(f" {TITLES[effect]}", "quiet")])
            self._rows[at] = len(lines)
            lines.append(self._more(at) if each is None else self._setting(at, each))
            if each is None:
                effect = ""
            elif each.name == "schedule":
                lines += self._schedule_ahead(width)
        return "options", lines, self._keys()

    def _keys(self) -> str:
        """What the keys do with the chosen setting."""
        chosen = self._entries[self._chosen]
        keys = with_keys("{key.lower+raise} change   enter type   esc out")
        if chosen is None:
            return keys
        if getattr(self._snapshot.config, chosen.name) == self._default(chosen):
            return f"{keys}   this is the default"
        return f"{keys}   backspace default, {self._shown_default(chosen)}"

    def _default(self, each: Setting) -> Any:
        """What the setting is in the experiment that this run began as."""
        return default_of(self._snapshot.config, each.name)

    def _setting(self, at: int, each: Setting) -> Line:
        """A setting's row; quiet where it does nothing in this run, and why."""
        from nn_core.optim.optimizers import in_force

        config = self._snapshot.config
        value = _typed(each, in_force(config, each.name))
        if getattr(config, each.name) is None:
            value += " (default)"
        if each.name == "rows" and idle(config, "rows"):  # a table has its own
            value = str(self._snapshot.scene.rows + self._snapshot.scene.validation_rows)
        if len(value) > VALUE_CELLS:
            value = "…" + value[1 - VALUE_CELLS :]
        about, turns = self._about(each), bool(each.turn)
        return self._row(at, each.title, value, about, turns, not idle(config, each.name))

    def _about(self, each: Setting) -> str:
        """What a setting is, or where it does something; and the default, where that isn't set."""
        from nn_core.training.batches import too_large

        config = self._snapshot.config
        if each.name == "batch_size" and (
            said := too_large(config.batch_size, self._snapshot.scene.rows)
        ):
            return said.partition(" is ")[2]
        about = idle(config, each.name) or each.about
        if getattr(config, each.name) == self._default(each):
            return about
        return f"default {self._shown_default(each)}: {about}"

    def _shown_default(self, each: Setting) -> str:
        """The default as a value, also where it is the optimizer's own."""
        from nn_core.optim.optimizers import in_force

        default = self._default(each)
        if default is None:
            default = in_force(self._snapshot.config.replace(**{each.name: None}), each.name)
        return _typed(each, default)

    def below(self, width: int) -> list[Line]:
        """The chosen row's text, which may be cut in its row."""
        chosen = self._entries[self._chosen]
        about = "" if chosen is None else f"{chosen.title}: {self._about(chosen)}"
        if chosen is not None and chosen.wanted:
            longer = f"{about}; {chosen.wanted}"
            about = longer if len(longer) < width - 1 else about
        return [[(f" {shortened(about, width - 2)}", "strong")]]

    def _more(self, at: int) -> Line:
        about = "enter hides them" if self._opened else "what is rare; enter shows them"
        return self._row(at, "more", f"{len(self._own(self._others))} settings", about, False, True)

    def _row(self, at: int, title: str, value: str, about: str, turns: bool, applies: bool) -> Line:
        chosen = at == self._chosen
        role = "strong" if chosen else "text" if applies else "quiet"
        row = meaning(role, "row", at)
        arrows = "◂ ▸" if chosen and turns else "   "
        return [
            (f" {'▸' if chosen else ' '} {title:<15}", row),
            (
                f"{arrows[0]} {value:<{VALUE_CELLS}} {arrows[2]} ",
                meaning(role, "turn") if chosen and turns else row,
            ),
            (about, "quiet"),
        ]

    def _schedule_ahead(self, width: int) -> list[Line]:
        """A small plot of the rate over the whole run, and its numbers, where it isn't constant."""
        from nn_core.optim.schedules import SCHEDULES, ahead

        config = self._snapshot.config
        if not SCHEDULES[config.schedule].ends:
            return []
        total = max(1, config.epochs * self._snapshot.steps_per_epoch)
        cells = max(8, width - 42)
        factors = ahead(config.schedule, total, cells)
        levels = (factors * (len(BARS) - 1)).round().astype(int)
        done = min(cells, self._snapshot.step * cells // total)
        bars = "".join(BARS[level] for level in levels)
        return [
            [
                (" " * INDENT, "text"),
                (bars[:done], "quiet"),
                (bars[done:], "model"),
                (f"  {total} steps", "quiet"),
            ],
            _marked(
                min(done, cells - 1),
                f"now {short(self._snapshot.learning_rate)}",
                f"highest {short(config.learning_rate * factors.max())}, "
                f"last {short(config.learning_rate * factors[-1])}",
                width - INDENT,
            ),
        ]

    def scrolled(self, first: int, visible: int, count: int) -> int:
        """Keep the chosen setting in sight, and the title above the topmost one."""
        row = self._rows[self._chosen]
        first = min(first, row - 1)
        return max(0, min(max(first, row - visible + 1), count - visible))

    def count(self) -> int:
        """How many rows can be chosen."""
        return len(self._entries)

    def action_move(self, by: int) -> None:
        """Choose another setting: a row on around the ends, or a page as far as there are any."""
        at = self._chosen + by
        self.choose(at % self.count() if abs(by) == 1 else at)

    def turn(self, way: int) -> None:
        """Change the chosen setting by its arrows; between them, type a value."""
        if way:
            self.action_turn(way)
        else:
            self.action_do_chosen()

    def action_restore(self) -> None:
        """Give the chosen setting its default."""
        chosen = self._entries[self._chosen]
        if chosen is not None and getattr(self._snapshot.config, chosen.name) != self._default(
            chosen
        ):
            self._ask(Set(chosen.name, show(self._default(chosen))))

    def action_turn(self, way: int) -> None:
        """Change the chosen setting to the value beside it; open or close `more`."""
        chosen = self._entries[self._chosen]
        if chosen is None:
            self._open(way > 0)
        elif chosen.turn:
            self._ask(Turn(chosen.name, way))
        else:
            self._prompt(chosen)

    def action_do_chosen(self) -> None:
        """Type a value for the chosen setting; open or close `more`."""
        chosen = self._entries[self._chosen]
        if chosen is None:
            self._open(not self._opened)
        else:
            self._prompt(chosen)

    def action_type(self, digit: str) -> None:
        """Begin a value of the chosen setting with this digit."""
        chosen = self._entries[self._chosen]
        if chosen is not None:
            self._prompt(chosen, digit)

    def _open(self, opened: bool) -> None:
        self._opened = opened
        self.draw()


def _marked(place: int, now: str, others: str, width: int) -> Line:
    """A mark under this place of the small plot, and beside it as much as there is room for."""
    line: Line = [(" " * INDENT, "text")]
    for said in (f"{now}, {others}", now):
        if place + 2 + len(said) <= width:
            return [*line, (" " * place, "text"), ("▲ ", "model"), (said, "quiet")]
        if len(said) < place:
            return [*line, (f"{said:>{place - 1}} ", "quiet"), ("▲", "model")]
    return [*line, (" " * place, "text"), ("▲", "model")]
