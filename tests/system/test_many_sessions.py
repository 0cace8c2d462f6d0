"""A class at one machine: twenty sessions train slowly, and each answers its keys at once."""

import os
import statistics
import threading
import time
from pathlib import Path

import pytest
from far_terminal import FarTerminal
from kiosk_program import kiosk

SESSIONS = 20
SECONDS = 60.0
LONGEST_ANSWER = 0.150  # seconds, of 95 keys in 100
TICKS = os.sysconf("SC_CLK_TCK")


def own_memory(pid: int) -> float:
    """Megabytes: what is shared with other processes counts in part (proportional set size)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(kilobytes) / 1024


def processor_seconds(pid: int) -> float:
    """What a process has had of the processors."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@pytest.mark.soak
@pytest.mark.parametrize("experiment", ["quadratic", "relu-net"])
def test_twenty_sessions_at_once(experiment: str, tmp_path: Path) -> None:
    command = kiosk(tmp_path, "--fps", "10", "--epochs", "1000000", "--pace", "10")
    command[command.index("--kiosk") : command.index("--kiosk")] = [experiment]
    terminals: list[FarTerminal] = []
    try:
        for _ in range(SESSIONS):
            terminals.append(FarTerminal(command))
            terminals[-1].sees("s step", "epoch 0/")
        alone = [own_memory(each.process.pid) for each in terminals]
        for each in terminals:
            each.press(" ")
            each.sees("running")
        mine, *others = terminals
        for each in others:
            each.draws = False
        keeping_up = [
            threading.Thread(target=each.pass_time, args=(SECONDS + 5.0,)) for each in others
        ]
        for thread in keeping_up:
            thread.start()
        began, spent = time.monotonic(), [processor_seconds(t.process.pid) for t in terminals]
        answers = []
        while time.monotonic() - began < SECONDS:
            for key, shown in ("+", "lr 0.02"), ("-", "lr 0.01"):
                at = mine.press(key)
                answers.append(mine.sees(shown) - at)
                mine.pass_time(0.25)
        lasted = time.monotonic() - began
        share = [
            (processor_seconds(each.process.pid) - before) / lasted
            for each, before in zip(terminals, spent, strict=True)
        ]
        memory = [own_memory(each.process.pid) for each in terminals]
        for thread in keeping_up:
            thread.join()
        late = statistics.quantiles(answers, n=20)[-1]
        print(
            f"{experiment}: {len(answers)} keys, median {statistics.median(answers) * 1000:.0f} ms,"
            f" p95 {late * 1000:.0f} ms; processor {statistics.mean(share):.1%} of one each;"
            f" memory {statistics.mean(alone):.0f} MB each at the start,"
            f" {statistics.mean(memory):.0f} MB after a minute, {max(memory):.0f} MB at most"
        )
        assert late <= LONGEST_ANSWER
    finally:
        for each in terminals:
            each.__exit__()
