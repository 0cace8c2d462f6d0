"""The program `nn-tui`: reads the command line and runs with a screen or without."""

import codecs
import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core import __version__
from nn_core.errors import RequestError

if TYPE_CHECKING:
    from nn_tui.options import LaunchOptions

_UNICODE = ("utf-8", "utf8", "utf-16", "utf-32")  # encodings that lack nothing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _spell_plainly()
    if given == ["--version"]:  # without a parser, whose making takes four times as long
        print(f"nn-tui {__version__}")
        return 0
    return _run(given)


def _spell_plainly() -> None:
    """Have written what a stream's encoding lacks with other characters.

    So it is on Windows where the output goes to a file or a pipe.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.casefold() not in _UNICODE:
            from nn_tui.text.spelling import spelled_plainly

            codecs.register_error("plainly", spelled_plainly)
            stream.reconfigure(errors="plainly")


def _run(given: Sequence[str]) -> int:
    from nn_tui.cli.parser import COMMANDS, build_parser
    from nn_tui.kiosk import process as kiosk
    from nn_tui.terminal.signals import held

    # Two BLAS threads make networks of this size ten to twenty times slower than one.  BLAS reads
    # its environment when NumPy is first imported, which is later than here.
    for variable in kiosk.ONE_THREAD:
        os.environ.setdefault(variable, "1")
    if any(os.environ[variable] != "1" for variable in kiosk.ONE_THREAD):
        with held():  # or the threads that BLAS starts would be given signals
            importlib.import_module("numpy")
    try:
        if given and given[0] in COMMANDS:
            module = importlib.import_module(COMMANDS[given[0]].module)
            done = module.run(given[1:])
            if isinstance(done, int):
                return done
            given = done
        if kiosk.is_asked_for(given):
            kiosk.clean(os.environ)
        parser = build_parser()
        found = vars(parser.parse_args(given))  # --help and --completions end here
        from nn_tui.cli.command_line import launch_options

        launch = launch_options(parser, found)
        for mistake in launch.mistakes:
            print(f"nn-tui: {mistake}", file=sys.stderr)
        if launch.is_kiosk:
            kiosk.confine(launch.limits.files, launch.lessons)
        return _on_screen(launch) if launch.output == "screen" else _without_screen(launch)
    except RequestError as error:
        print(f"nn-tui: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _leave_quietly()
        return 0


def _without_screen(launch: "LaunchOptions") -> int:
    from nn_core.explain.words.other_outcomes import loading_words
    from nn_core.formatting import times
    from nn_core.run.timeline import Timeline
    from nn_core.storage import export
    from nn_core.storage.forms import form_of
    from nn_core.storage.predictions import predictions_of, write_predictions
    from nn_tui.app.opening import autosave_for, open_run
    from nn_tui.cli import plain
    from nn_tui.dialogs.saving import save_all

    autosave = autosave_for(launch)
    _, make = open_run(launch, autosave)
    begun = make()
    timeline = begun if isinstance(begun, Timeline) else Timeline(begun)
    if launch.resume:
        autosave.complain = lambda message: print(f"nn-tui: {message}", file=sys.stderr)
        autosave.touch(0)
    fit = timeline.trainer.weights_loaded
    if fit and (fit.faults or fit.remarks):
        print(f"nn-tui: {loading_words(fit)}", file=sys.stderr)
    rows = launch.predict
    if rows is not None and rows.is_file():  # a pipe can be read only once
        predictions_of(timeline.trainer, rows)  # so that what doesn't fit is said before training
    try:
        code = plain.run(timeline, launch.output, launch.every, sys.stdout, sys.stderr)
    except BrokenPipeError:
        _leave_quietly()
        autosave.close(timeline)
        return 0
    autosave.close(timeline)
    # From the weights of a run that diverged nobody wants to go on.
    models = ("weights", "model")
    left = [path for path in launch.save if code and form_of(path).title in models]
    for path in left:
        print(f"nn-tui: {path} is not written", file=sys.stderr)

    def save(path: Path) -> None:
        if rows is not None and path.suffix == ".csv":
            gaps = write_predictions(timeline.trainer, rows, path)
            if gaps:
                why = "for want of a cell; --missing mean fills it"
                print(f"nn-tui: no prediction for {times(gaps, 'row')} of {rows}, {why}",
                      file=sys.stderr)  # fmt: skip
        else:
            export.write(timeline, path)

    save_all((path for path in launch.save if path not in left), save)
    return code


def _leave_quietly() -> None:
    """The reader has seen enough: what is still buffered must not complain at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _on_screen(launch: "LaunchOptions") -> int:
    from nn_tui.terminal.capabilities import colour_system, plain_reason

    terminals = (sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())
    if launch.in_browser:
        if any(terminals[:2]):
            raise RequestError("--kiosk browser is for a server to start; nn-tui serve is one")
        os.environ["TEXTUAL_DRIVER"] = "nn_tui.terminal.browser:BrowserDriver"
    reason = plain_reason(os.environ, *terminals)
    if reason is not None and "TEXTUAL_DRIVER" not in os.environ:
        raise RequestError(f"{reason}; --plain or --json runs without a screen")
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", colour_system(os.environ))
    from nn_tui.importing import hold_collection, resume_collection
    from nn_tui.terminal.echo import held_back

    hold_collection()  # until training starts, or until it is plain that it doesn't
    try:
        # What is typed before the screen is there waits for it.
        with held_back():
            from nn_tui.cli.screen import run  # Textual reads its environment when it is imported
            from nn_tui.terminal import patient

            if "SSH_CONNECTION" in os.environ and patient.own_driver() is None:
                print(f"nn-tui: {patient.LACKS}", file=sys.stderr)

            return run(launch)
    finally:
        resume_collection()


if __name__ == "__main__":
    sys.exit(main())
