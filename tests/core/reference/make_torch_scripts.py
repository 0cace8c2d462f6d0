"""Make torch_scripts.json: exported PyTorch scripts, the losses that they print and that after.

Run with this project and torch==2.13.0 in one environment:

    python make_torch_scripts.py
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from nn_core import Config, Timeline, Trainer
from nn_core.storage.scripts.torch_script import torch_script

BY_HAND = (
    ("set", {"name": "learning_rate", "value": 0.02}),
    ("nudge", {"index": 1, "amount": 0.25}),
    ("advance", 20),
    ("set", {"name": "optimizer", "value": "nesterov"}),
    ("assign", {"index": 0, "value": 1.5}),
)
CASES = {
    "quadratic": ({}, BY_HAND),
    "relu": (
        {"model": "relu", "zero_gradients": False, "schedule": "one-cycle", "epochs": 50}, BY_HAND,
    ),
    "network": (
        {
            "model": "mlp", "hidden": (4, 3), "loss": "mse", "optimizer": "adam", "batch_size": 6,
            "schedule": "plateau", "activation": "tanh",
        },
        BY_HAND,
    ),
    "held": (
        {"loss": "huber", "clip": 0.5, "l1": 0.02, "l2": 0.01, "freeze": ("b",),
         "optimizer": "rmsprop", "zero_gradients": False},
        (("set", {"name": "freeze", "value": ("a", "c")}), ("set", {"name": "clip", "value": 0.0}),
         ("advance", 10), ("set", {"name": "freeze", "value": ()}),
         ("set", {"name": "l2", "value": 0.05})),
    ),
    "grown": (
        {
            "model": "mlp", "hidden": (3, 2), "activation": ("tanh", "leaky-relu"), "loss": "mse",
            "optimizer": "adamw", "batch_size": 6, "validation": 0.2, "l2": 0.01,
            "zero_gradients": False, "learning_rate": 0.003, "freeze": ("2",),
        },
        (("add_unit", {"layer": 0}),),
    ),
    "lion": (
        {
            "model": "mlp", "hidden": (3,), "activation": "tanh", "loss": "mse", "batch_size": 6,
            "optimizer": "lion", "learning_rate": 0.003, "freeze": ("2",),
        },
        (("set", {"name": "freeze", "value": ()}), ("advance", 10), ("add_unit", {"layer": 0})),
    ),
    "gates": (
        {"model": "mlp", "hidden": (3, 2), "activation": ("silu", "gelu"), "loss": "log-cosh"},
        BY_HAND,
    ),
    "tuned": (
        {"loss": "huber", "optimizer": "adam", "beta1": 0.8, "epsilon": 1e-3},
        (
            ("set", {"name": "beta2", "value": 0.9}), ("advance", 10),
            ("set", {"name": "epsilon", "value": None}),
            ("set", {"name": "weight_decay", "value": 0.2}), ("advance", 10),
            ("set", {"name": "optimizer", "value": "adamw"}), ("advance", 10),
            ("set", {"name": "weight_decay", "value": 0.05}), ("advance", 10),
            ("set", {"name": "momentum", "value": 0.0}),
            ("set", {"name": "optimizer", "value": "nesterov"}), ("advance", 10),
            ("set", {"name": "optimizer", "value": "momentum"}),
            ("set", {"name": "momentum", "value": 0.5}), ("advance", 10),
            ("set", {"name": "momentum", "value": 0.7}), ("advance", 10),
            ("set", {"name": "optimizer", "value": "rmsprop"}), ("advance", 10),
            ("set", {"name": "alpha", "value": 0.9}), ("set", {"name": "epsilon", "value": 0.01}),
        ),
    ),
    "weighted": (
        {
            "model": "mlp", "hidden": (3,), "activation": "tanh", "data": "above-sine", "rows": 30,
            "loss": "cross-entropy", "class_weight": "balanced", "batch_size": 8,
        },
        (("set", {"name": "learning_rate", "value": 0.1}),),
    ),
    "weighted classes": (
        {
            "model": "mlp", "data": "penguins", "scale": True, "loss": "cross-entropy",
            "class_weight": "balanced", "batch_size": 100, "optimizer": "adam",
        },
        (),
    ),
    "heavier": ({"optimizer": "momentum"}, (("add_point", {"x": 0.5, "y": 3.0}),)),
}  # fmt: skip


def timeline(name: str) -> Timeline:
    """The run of a case: 60 steps, or some more, with something done by hand on the way."""
    config, outcomes = CASES[name]
    run = Timeline(Trainer.from_config(Config(**config)))
    run.advance(20)
    for kind, how in outcomes:
        if kind == "advance":
            run.advance(how)
        else:
            run.do(kind, **how)
    run.advance(20)
    return run


def raw_rows(run: Timeline) -> str:
    """Some rows of a run's data as a CSV file has them."""
    data = run.trainer.data
    names = [column.name for column in data.schema.columns]
    rows = [",".join(map(repr, row)) for row in data.raw_columns[::5][:6].tolist()]
    return "\n".join([",".join(names), *rows, ""])


def main() -> None:
    """Write the file beside this script."""
    made = {}
    for name in CASES:
        run = timeline(name)
        script = torch_script(run)
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(table := raw_rows(run))
            file.flush()
            command = [sys.executable, "-c", script, "17", file.name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        lines = done.stdout.splitlines()
        predicted = lines[-len(table.splitlines()) :]
        *losses, after = (float(line.partition("loss=")[2]) for line in lines[: -len(predicted)])
        made[name] = {
            "script": script.splitlines(), "losses": losses, "after": after,
            "table": table.splitlines(), "predicted": predicted,
        }  # fmt: skip
    content = json.dumps(made, indent=1, ensure_ascii=False)
    Path(__file__).with_name("torch_scripts.json").write_text(content + "\n")


if __name__ == "__main__":
    main()
