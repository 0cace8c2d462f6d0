"""Make classes.json: cross-entropy of two, three and ten classes as PyTorch has it, in float64.

Run with torch==2.13.0 (`pip install torch==2.13.0`, in an environment of its own):

    python make_classes.py
"""

import json
from pathlib import Path

import numpy as np
import torch

STEPS = 200
RATE = 0.02
CLASSES = (2, 3, 10)
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, RATE),
    "momentum": lambda parameters: torch.optim.SGD(parameters, RATE, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, RATE),
    "adamw": lambda parameters: torch.optim.AdamW(parameters, RATE, weight_decay=0.01),
}
BATCH_SIZES = (0, 8)
WEIGHTED = ("sgd", "adam")
LOGITS = [-1e4, -800.0, -30.0, -1.5, 0.0, 0.25, 2.0, 40.0, 1e4]


def loss_of(
    logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """The mean cross-entropy of the places of classes; with `weights`, one for each class."""
    if logits.shape[1] == 1:
        targets = labels[:, None].to(logits.dtype)
        of_rows = None if weights is None else weights[labels][:, None]
        return torch.nn.BCEWithLogitsLoss(weight=of_rows)(logits, targets)
    return torch.nn.CrossEntropyLoss(weight=weights)(logits, labels)


def run(optimizer: str, batch_size: int, classes: int, weighted: bool = False) -> dict:
    """The start of a network, its losses over 200 steps with the rows in order, and its end.

    Weighted, most rows are of the first class, and each counts rows ÷ (classes · rows of its
    class).
    """
    random = np.random.default_rng(classes)
    x = random.normal(0, 1, (30, 2))
    labels, weights = np.arange(30) % classes, None
    if weighted:
        others = random.integers(0, classes, 30 - classes) * (random.random(30 - classes) < 0.3)
        labels = random.permutation(np.concatenate([np.arange(classes), others]))
        weights = torch.tensor(30 / (classes * np.bincount(labels)))
    outputs = 1 if classes == 2 else classes
    model = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.Tanh(), torch.nn.Linear(6, outputs))
    for parameter in model.parameters():
        parameter.data = torch.tensor(random.normal(0, 0.5, tuple(parameter.shape)))
    start = {name: value.tolist() for name, value in model.state_dict().items()}
    update = OPTIMIZERS[optimizer](model.parameters())
    size = batch_size or len(x)
    losses = []
    for step in range(STEPS):
        begin = step * size % (-(-len(x) // size) * size)
        rows = slice(begin, begin + size)
        update.zero_grad()
        loss = loss_of(model(torch.tensor(x[rows])), torch.tensor(labels[rows]), weights)
        loss.backward()
        update.step()
        losses.append(loss.item())
    update.zero_grad()
    whole = loss_of(model(torch.tensor(x)), torch.tensor(labels), weights)
    whole.backward()
    return {
        "whole": whole.item(),
        "gradient": {name: value.grad.tolist() for name, value in model.named_parameters()},
        "settings": {"optimizer": optimizer, "batch_size": batch_size}
        | ({"class_weight": "balanced"} if weighted else {}),
        "classes": classes,
        "x": x.tolist(),
        "labels": labels.tolist(),
        "start": start,
        "losses": losses,
        "end": {name: value.tolist() for name, value in model.state_dict().items()},
    }


def single(classes: int) -> dict:
    """Logits large and small, the loss of each row, and its slope."""
    rows = [LOGITS[at:] + LOGITS[:at] for at in range(len(LOGITS))]
    width = 1 if classes == 2 else classes
    logits = torch.tensor([row[:width] for row in rows], requires_grad=True)
    labels = torch.arange(len(rows)) % classes
    losses = [loss_of(logits[at : at + 1], labels[at : at + 1]) for at in range(len(rows))]
    sum(losses).backward()
    return {
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        "losses": [loss.item() for loss in losses],
        "slopes": logits.grad.tolist(),
    }


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    made = {
        "rate": RATE,
        "runs": {
            f"{classes} classes, {optimizer}, batches of {batch_size or 'all'}": run(
                optimizer, batch_size, classes
            )
            for classes in CLASSES
            for optimizer in OPTIMIZERS
            for batch_size in BATCH_SIZES
        },
        "weighted": {
            f"{classes} classes, {optimizer}, batches of {batch_size or 'all'}": run(
                optimizer, batch_size, classes, weighted=True
            )
            for classes in CLASSES
            for optimizer in WEIGHTED
            for batch_size in BATCH_SIZES
        },
        "single": {str(classes): single(classes) for classes in (2, 3, 9)},
    }
    path = Path(__file__).with_name("classes.json")
    path.write_text(json.dumps(made) + "\n", encoding="utf-8")
