"""What an optimizer is: one record that holds all that the program says and does with it.

In formulas w are the parameters, g the gradient, lr the learning rate, and t counts the
updates from 1; v is a velocity, m a running mean of the gradients, s one of their squares.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from nn_core.arrays import Array, full
from nn_core.optim.equations import Equation, OneParameter, written

Update = Callable[[Array], object]  # (gradient): changes the parameters in place
Slots = Mapping[str, Array]
Constants = Mapping[str, float]  # name -> value: "momentum" -> 0.9
Text = str | Callable[[Constants], str]

PIECE = 32_768  # numbers of a large network that are changed while they lie in the cache


@dataclass(frozen=True)
class Script:
    """How a script of one library writes an optimizer.

    `new` is the expression that makes it, with `$momentum` where a constant's value belongs.
    `source` defines what `new` calls, where the library has nothing of the kind.  `memory` gives
    the script's names of what is remembered, where they differ from the slots' names here, and
    `turn` the line that gives a constant another value, where it is no attribute of that name.
    """

    new: Text
    source: str = ""
    memory: Mapping[str, str] = field(default_factory=dict)
    turn: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: its words, its constants, what it remembers, and what it does.

    `title` is its name on the screen.  `formula_text` says what w becomes, in short; `rule_text`
    the same as assignments: first those of the memory, w's last.  In both `$momentum` stands for a
    constant's value and `${1-alpha}` for 1 minus it; a text that depends on the constants in
    another way is a function of them.  `constants` are the values in force, the defaults unless
    tuned.  `slots` are what it remembers from step to step: each a vector like the parameters, or
    a number.

    `compile_update(parameters, slots, rate, constants)` allocates what it needs and returns
    `update(gradient)`, which changes parameters and slots in place.  `rate` is a 0-d array, so that
    the learning rate can be turned while the run goes on; or, where there are at most `PIECE`
    parameters, one rate for each.
    `write_out(parameter, constants)` works out the same update of a single number, line by
    line, as a person would on paper; the last line gives the parameter's next value.

    `is_plain`: the update is −lr·g and nothing else.  `evens_out` says how it treats gradients that
    are far apart in size; empty where it does nothing about them.
    """

    title: str
    formula_text: Text
    rule_text: Text
    compile_update: Callable[[Array, Slots, Array, Constants], Update]
    write_out: Callable[[OneParameter, Constants], tuple[Equation, ...]]
    numpy: Script
    torch: Script
    constants: Constants = field(default_factory=dict)
    slots: Mapping[str, Literal["vector", "number"]] = field(default_factory=dict)
    is_plain: bool = False
    evens_out: str = ""

    def tuned(self, **constants: float) -> "Optimizer":
        """The same optimizer with other values for some of its constants."""
        unknown = constants.keys() - self.constants.keys()
        if unknown:
            raise KeyError(f"{self.title} has no constant {', '.join(sorted(unknown))}")
        return replace(self, constants={**self.constants, **constants})

    def new_slots(self, parameters: Array) -> dict[str, Array]:
        """The slots before the first step: all 0."""
        return {
            name: full(parameters.shape, 0.0, parameters.dtype) if kind == "vector" else np.zeros(1)
            for name, kind in self.slots.items()
        }

    def compile(self, parameters: Array, slots: Slots, rate: Array) -> Update:
        """The function that updates these parameters in place, given their gradient."""
        return self.compile_update(parameters, slots, rate, self.constants)

    def work_out(self, parameter: OneParameter) -> tuple[Equation, ...]:
        """How one number is updated, line by line, its next value last."""
        return self.write_out(parameter, self.constants)

    @property
    def formula(self) -> str:
        """What w becomes, with the constants in it: "v = 0.9·v + g;  w − lr·v"."""
        return self._said(self.formula_text)

    @property
    def rule(self) -> str:
        """The same as assignments: "v ← 0.9·v + g;  w ← w − lr·v"."""
        return self._said(self.rule_text)

    def _said(self, text: Text, spell: Callable[[float], str] = written) -> str:
        plain = text if isinstance(text, str) else text(self.constants)
        return filled(plain, self.constants, spell)

    def new_in(self, script: Script) -> str:
        """The expression that makes this optimizer in a script, with the constants in it."""
        return self._said(script.new, repr)

    def turned_in(self, script: Script, names: Iterable[str]) -> list[str]:
        """The lines of a script that give these constants their values here."""
        lines = (script.turn.get(name, f"optimizer.{name} = ${name}") for name in names)
        return [self._said(line, repr) for line in dict.fromkeys(lines)]

    @property
    def counts(self) -> bool:
        """Whether it counts its updates."""
        return "number" in self.slots.values()


def filled(text: str, constants: Constants, spell: Callable[[float], str] = written) -> str:
    """The text with a value for each `$name`, and 1 − the value for each `${1-name}`."""

    def value(match: re.Match[str]) -> str:
        if match["rest"]:
            return spell(1 - constants[match["rest"]])
        return spell(constants[match["name"]])

    return re.sub(r"\$\{1-(?P<rest>\w+)\}|\$(?P<name>\w+)", value, text)
