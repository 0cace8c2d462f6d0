"""An attack on the real program in a terminal: random sessions, seeded, shrunk when one succeeds.

    python attack.py SECONDS [SEED] [--kiosk]     sessions from this seed on, for so long
    python attack.py --replay 'REPRODUCTION'      one that was found before

A session is an experiment and a list of actions: keys, the mouse, values that are out of bounds,
sizes down to 1×1, signals. At its end the program must have ended as it was told to, within two
seconds of ctrl+c, have said nothing of an error, have restored the terminal and kept its memory
bounded, and what it saved must open; in a kiosk, within the limits.  What is found is
printed, and makes the exit 1.
"""

import ast
import os
import random
import shlex
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from far_terminal import PROGRAM, FarTerminal
from kiosk_program import kiosk
from textual.keys import _character_to_key

from nn_core.config import settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK
from nn_core.errors import RequestError
from nn_core.storage import kept_runs
from nn_core.storage.session import open_session
from nn_tui.keys import KEYS
from nn_tui.keys.commands import COMMANDS

Action = tuple[str, str | int | float | tuple[int, int]]

ACTIONS = 60  # of a session
STARTS_WITHIN = 300.0  # seconds, on whatever machine
LEAVES_WITHIN = 2.0  # seconds after ctrl+c, without those in which it waited for a processor
MEGABYTES = 400  # beyond the start
TRIES = 3  # of a session that was slow: where it never is again, the machine was
SHRINKING = 100  # sessions at most

VALUES = [
    "", "0", "-0", "0.0", "1", "-1", "7", "1e308", "-1e308", "1e-308", "1e308,1e308", "1e-310,0",
    "1,2", "nan", "inf", "-inf", "nan,nan", "0x10", "1_0", "1e400", "1" + "0" * 400, "x" * 300,
    "folder", "folder/", "pipe", "/dev/zero", "/", ".", "..", "~", "~nobody/x", "circle",
    "missing/x.csv", "x.json", "x.py", "x.torch.py", "x.csv", "x.svg", "x.safetensors",
    "x" * 300 + ".json", "\x16", "\x1b[200~a\x00b\x1b[201~", "\x1b[200~one\r\ntwo\x1b[201~",
    "é", "\N{PILE OF POO}", "[bold]", "max", "default", "on", "off", "none", "adam", "200,200",
    "mse", "sine", "quadratic", "relu", "16,16", "0.999999", "1e-9", "100000", ",", " ",
]  # fmt: skip
SIGNALS = {"SIGWINCH": 6, "SIGCONT": 3, "SIGTSTP": 3, "SIGHUP": 1, "SIGTERM": 1, "SIGINT": 1,
           "SIGUSR1": 1, "SIGUSR2": 1}  # fmt: skip
CODES = {"SIGHUP": 129, "SIGTERM": 143, "SIGINT": 130, "SIGUSR1": 129, "SIGUSR2": 129}
_SEQUENCES = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H",
    "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r", "tab": "\t",
    "shift+tab": "\x1b[Z", "escape": "\x1b",
}  # fmt: skip
_CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(32, 127)}


def sent_by(name: str) -> str:
    """What a terminal sends for a key, by Textual's name of it."""
    if name in _SEQUENCES:
        return _SEQUENCES[name]
    if name.startswith("ctrl+"):
        return chr(ord(name[-1]) & 31)
    return _CHARACTERS[name]


def moused(chance: random.Random) -> str:
    """What a terminal sends of a mouse: buttons, a wheel or a drag, somewhere, perhaps outside."""
    at = f"{chance.randint(1, 90)};{chance.randint(1, 30)}"
    return f"\x1b[<{chance.choice((0, 0, 0, 2, 32, 64, 65))};{at}{chance.choice('MMm')}"


KEYS_SENT = [sent_by(name) for each in KEYS for name in each.keys.split(",")]
KEYS_SENT = [each for each in KEYS_SENT if each not in ("q", "\x03")]
TITLES = [*(f"{each.title} = …" for each in settings()), *(each.title for each in COMMANDS),
          *(f"Open {name}" for name in EXPERIMENTS), "Find a learning rate", "Map two settings",
          "Copy the command for this run", "Cards that are due", "Theme light"]  # fmt: skip


@dataclass(frozen=True)
class Session:
    """An experiment, and what is done to it."""

    experiment: str
    is_kiosk: bool
    actions: tuple[Action, ...]

    def __repr__(self) -> str:
        return repr((self.experiment, self.is_kiosk, self.actions))


def made(seed: int, is_kiosk: bool) -> Session:
    """The session of a seed."""
    chance = random.Random(seed)
    kinds: list[Callable[[], Action]] = [
        lambda: ("keys", "".join(chance.choices(KEYS_SENT, k=chance.choice((1, 1, 1, 3, 20))))),
        lambda: ("keys", chance.choice("eaw\r") + chance.choice(VALUES) + chance.choice("\r\x1b")),
        lambda: ("keys", f":{chance.choice(TITLES)}\r"),
        lambda: ("keys", f":{chance.choice(TITLES)}\r{chance.choice(VALUES)}\r"),
        lambda: ("keys", "o" + "\x1b[B" * chance.randrange(30) + f"\r{chance.choice(VALUES)}\r"),
        lambda: ("keys", "t" + "\x1b[B" * chance.randrange(20) + "\r"),
        lambda: ("keys", "\x1b"),
        lambda: ("keys", "".join(moused(chance) for _ in range(chance.choice((1, 1, 2, 20))))),
        lambda: ("size", (chance.randint(1, 12), chance.randint(1, 12))),
        lambda: ("size", (chance.randint(1, 200), chance.randint(1, 60))),
        lambda: ("wait", chance.choice((0.02, 0.1, 0.3))),
        lambda: ("signal", chance.choices([*SIGNALS], [*SIGNALS.values()])[0]),
    ]
    weights = (20, 5, 4, 8, 4, 2, 6, 6, 3, 5, 8, 1)
    actions = tuple(kind() for kind in chance.choices(kinds, weights, k=ACTIONS))
    return Session(chance.choice([*EXPERIMENTS]), is_kiosk, actions)


def finding(session: Session) -> str:
    """Run a session; what is wrong, in a line, or nothing."""
    with tempfile.TemporaryDirectory(prefix="nn-tui-") as name:
        folder = Path(name)
        (folder / "folder").mkdir()
        os.mkfifo(folder / "pipe")
        (folder / "circle").symlink_to("circle")
        if session.is_kiosk:
            command, state = kiosk(folder), folder / ".local" / "state" / "nn-tui"
            command[command.index("--kiosk") : command.index("--kiosk")] = [session.experiment]
        else:
            command = [*PROGRAM, str(folder / "mark"), session.experiment]
            state = folder / "mark.state" / "nn-tui"
        with FarTerminal(command, folder=folder) as terminal:
            return _attacked(terminal, session) or _what_is_kept(state, session.is_kiosk)


def _attacked(terminal: FarTerminal, session: Session) -> str:
    terminal.sees("s step", "epoch 0/", seconds=STARTS_WITHIN)
    terminal.draws = False
    before, most, sent, can_write = _memory(terminal), 0.0, {0}, True
    for kind, what in session.actions:
        if terminal.process.poll() is not None:
            break
        if kind == "keys":
            terminal.press(str(what))
        elif kind == "size":
            terminal.resize(*what)
        elif kind == "signal" and not (session.is_kiosk and str(what).startswith("SIGUSR")):
            terminal.process.send_signal(signal.Signals[str(what)])
            can_write = can_write and not str(what).startswith("SIGUSR")  # which break its output
            if what in CODES:  # the latter where it comes when all is over but the process
                sent |= {CODES[str(what)], 128 + signal.Signals[str(what)]}
        terminal.pass_time(float(what) if kind == "wait" else 0.01)
        most = max(most, _memory(terminal))
    passed = terminal.stopwatch()
    sent.add(CODES["SIGINT"])  # of ctrl+c, where the terminal is given back meanwhile
    while terminal.process.poll() is None:
        if passed() > LEAVES_WITHIN:
            return "hangs: ctrl+c doesn’t end it"
        terminal.process.send_signal(signal.SIGCONT)
        terminal.pass_time(0.1)
        if terminal.modes != terminal.modes_before:  # or the shell's ctrl+c would end it
            terminal.press("\x03")  # again, as what is typed while it is given back is forgotten
            terminal.pass_time(0.3)
    code = terminal.ended()
    code = 128 - code if code < 0 else code  # as a shell tells of a signal, however it was taken
    if code not in sent:
        return f"ended with {code}: {terminal.said()[:500]!r}"
    if b"Traceback" in terminal.written or "error of its own" in terminal.said():
        return f"told an error: {terminal.said()[:500]!r}"
    is_cooked = terminal.modes == terminal.modes_before  # all that is left to one that can't write
    if code != CODES["SIGHUP"] and not (terminal.modes_are_off() if can_write else is_cooked):
        return "the terminal is not restored"
    if most - before > MEGABYTES:
        return f"takes {most - before:.0f} MB more than at its start"
    return ""


def _memory(terminal: FarTerminal) -> float:
    try:
        status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    except OSError:
        return 0.0
    kilobytes = status.partition("VmRSS:")[2].split()
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


def _what_is_kept(state: Path, is_kiosk: bool) -> str:
    for run in kept_runs.folders(state):
        for path in kept_runs.saves(run):
            try:
                timeline = open_session(path)
                if is_kiosk:
                    KIOSK.require(timeline.config, timeline.trainer.data.x.shape[0])
            except RequestError as error:
                return f"{path.name} as it was kept: {error}"
    return ""


def shrunk(session: Session, found: str) -> Session:
    """The session without actions that needn't be there for a finding of the same kind."""
    tries, size = SHRINKING, len(session.actions) // 2
    while size:
        at = 0
        while tries and at < len(session.actions):
            tries -= 1
            shorter = replace(session, actions=session.actions[:at] + session.actions[at + size :])
            if finding(shorter)[:12] == found[:12]:
                session = shorter
            else:
                at += size
        size //= 2
    return session


def confirmed(session: Session) -> str:
    """What is wrong with a session; that it was slow, only if it is so each time."""
    found = finding(session)
    for _ in range(TRIES - 1):
        if not found.startswith("hangs"):
            break
        found = finding(session)
    return found


def attack(seconds: float, seed: int = 0, is_kiosk: bool = False) -> Iterator[str]:
    """Run sessions for so long; what was found, each with its reproduction."""
    end, first = time.monotonic() + seconds, seed
    while time.monotonic() < end:
        session = made(seed, is_kiosk)
        found = confirmed(session)
        if found:
            reproduction = shlex.quote(str(shrunk(session, found)))
            yield f"seed {seed}: {found}\n  attack.py --replay {reproduction}"
        seed += 1
    print(f"{seed - first} sessions of {ACTIONS} actions, seeds {first} to {seed - 1}")


if __name__ == "__main__":
    if sys.argv[1] == "--replay":
        print(finding(Session(*ast.literal_eval(sys.argv[2]))) or "nothing is wrong")
    else:
        numbers = [float(each) for each in sys.argv[1:] if each != "--kiosk"]
        seconds, seed = (*numbers, 0.0)[:2]
        is_sound = True
        for each in attack(seconds, int(seed), "--kiosk" in sys.argv):
            print(each, flush=True)
            is_sound = False
        sys.exit(not is_sound)
