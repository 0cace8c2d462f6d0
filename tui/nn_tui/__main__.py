"""The program `nn-tui`: reads the command line and runs with a screen or without."""

import os
import sys
from collections.abc import Sequence

from nn_core.errors import RequestError
from nn_tui.command_line import Asked, parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit code."""
    try:
        asked = parse(sys.argv[1:] if arguments is None else arguments)
        return _on_screen(asked) if asked.output == "screen" else _without_screen(asked)
    except RequestError as error:
        print(f"nn-tui: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _without_screen(asked: Asked) -> int:
    from nn_core import weights
    from nn_core.trainer import Trainer
    from nn_core.words import loading_words
    from nn_tui import plain

    trainer = Trainer.from_config(asked.config)
    fit = trainer.weights_loaded
    if fit and fit.faults:
        print(f"nn-tui: {loading_words(fit)}", file=sys.stderr)
    try:
        code = plain.run(trainer, asked.output, asked.every, sys.stdout, sys.stderr)
    except BrokenPipeError:
        # The reader has seen enough.  What is still buffered must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if asked.save and code == 0:
        weights.save(asked.save, trainer.model.parameters)
    elif asked.save:
        print(f"nn-tui: {asked.save} is not written", file=sys.stderr)
    return code


def _on_screen(asked: Asked) -> int:
    from nn_tui.terminal.capabilities import colour_system, plain_reason

    reason = plain_reason(os.environ, sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())
    if reason is not None:
        raise RequestError(f"{reason}; --plain or --json runs without a screen")
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", colour_system(os.environ))
    from nn_tui.app import run  # Textual reads its environment when it is imported

    return run(asked)


if __name__ == "__main__":
    sys.exit(main())
