"""The benchmarks: `python tests/benchmarks/run.py [NAME …] [--json]`.

Without a NAME all of them are run, which takes some minutes.  What is compared with PyTorch needs
it installed beside nn-tui, and is skipped elsewhere.
"""

import argparse
import json
import os
import sys
from importlib import import_module

# As in the program; BLAS reads it when NumPy is first imported, so it comes before that.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from measure import Skipped  # noqa: E402 - NumPy comes with it
from report import header, line  # noqa: E402 - and with this

MODULES = ("training", "time_travel", "sweep", "data", "history", "landscape", "screen")
GROUPS = {name: import_module(name).BENCHMARKS for name in MODULES}
BENCHMARKS = {name: run for group in GROUPS.values() for name, run in group.items()}

BUSY = 0.7  # load average from which on threads of one side wait for other programs


def main() -> int:
    """Run what is asked for and print it row by row; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*GROUPS, *BENCHMARKS]))
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in GROUPS and name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join([*GROUPS, *BENCHMARKS])}")
    busy = os.getloadavg()[0]
    if busy > BUSY:
        print(f"the load here is {busy:.1f} already: ratios will be off", file=sys.stderr)
    if not asked.json:
        print(header())
    for name in _chosen(asked.names):
        for row in BENCHMARKS[name]():
            if not asked.json:
                print(line(row), flush=True)
            elif isinstance(row, Skipped):
                print(json.dumps({"what": row.what, "skipped": row.why}), flush=True)
            else:
                print(json.dumps(row.as_dict(), ensure_ascii=False), flush=True)
    return 0


def _chosen(names: list[str]) -> list[str]:
    wanted = {inner for name in names for inner in GROUPS.get(name, {name: None})}
    return [name for name in BENCHMARKS if not names or name in wanted]


if __name__ == "__main__":
    sys.exit(main())
