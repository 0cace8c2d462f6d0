"""The help: what is on the screen, part by part, and what every key does."""

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from nn_core.config.key_names import with_keys
from nn_tui.dialogs.sheet import Sheet
from nn_tui.keys import GROUPS, in_group
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows
from nn_tui.views import View

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


class Help(Sheet):
    """What is on the screen, and what every key does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter,space", "dismiss", "out"),
        Binding("question_mark", "dismiss", "out", id="help"),
    ]

    def __init__(self, make_rows: Callable[..., Rows], parts: list[tuple[str, str]]) -> None:
        super().__init__(make_rows)
        self._parts = parts

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The parts of the screen in the order in which they are met, then the keys."""
        lines: list[Line] = []
        for name, about in self._parts:
            wrapped = textwrap.wrap(with_keys(about), max(20, width - 17))
            for at, text in enumerate(wrapped):
                lines.append(
                    [(f" {with_keys(name) if at == 0 else '':<13} ", "strong"), (text, "text")]
                )
        for group, title in GROUPS.items():
            lines += [[], [(f" {title}", "strong")]]
            lines += [
                [(f"   {found.shown:<9} ", "strong"), (found.about, "text")]
                for found in in_group(group)
            ]
        return "help", lines, with_keys("{key.up+down} scroll   esc out")


def parts(snapshot: "Snapshot | None", view: View) -> list[tuple[str, str]]:
    """What there is to see on the screen, part by part."""
    if view.name != "fit":
        return [(view.name, f"{view.about[0].upper()}{view.about[1:]}."), *view.parts]
    network = snapshot is not None and snapshot.scene.is_listed_by_layer
    over_x = snapshot is None or snapshot.scene.over_x
    found = [
        (
            "first line",
            "What is trained, and its formula; the loss (MAE: mean absolute error, MSE: mean "
            "squared error), the optimizer (SGD: plain gradient descent), the rows of data, and "
            "whether each step sets the gradients to 0 before it begins.",
        ),
        (
            "fit",
            "The data (●, the chosen point ◉), the model’s curve and, where it is known, the truth."
            if over_x
            else "Each row’s prediction over its target; on the dotted line they agree.",
        ),
        (
            "loss",
            "How far off the model is, in one number, at each step so far. Two quiet lines: the "
            "truth’s own loss, since data has noise, and the best that a quadratic can do. Pale "
            "curves are kept ones. Dotted: the loss on rows held back to validate (○), which no "
            "update sees.",
        ),
    ]
    if network:
        found += [
            ("kinks", "Where the curve bends: ▲ up, ▼ down; △ a unit that is silent on all data."),
            (
                "layers",
                "Size, gradient and update of each weight and bias, as lengths of all its numbers "
                "together. update ÷ size is healthy about 0.001 (┊). {key.enter} opens one.",
            ),
        ]
    else:
        found += [
            ("point", "The chosen row of the data: what it says, what the model says."),
            (
                "parameters",
                "value + update = next. The gradient says how steeply the loss rises where the "
                "parameter does; where it is negative the loss falls. So the update is −learning "
                "rate · gradient. On the slider: ┊ the start, ◆ the value, the arrow which way "
                "the gradient pushes.",
            ),
        ]
    return [
        *found,
        ("words", "What is true just now, from the numbers."),
        ("status", "Pace, steps, epochs and the target, the loss now and its last change, rate."),
    ]
