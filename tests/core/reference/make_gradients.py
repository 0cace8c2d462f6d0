"""Write gradients.json: losses, gradients and short training runs as PyTorch has them.

Run with torch==2.13.0 (and NumPy, which it needs for nothing here), from this folder:

    python -m pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu
    python make_gradients.py

PyTorch is no dependency of the project, nor of its tests: they read the file that this wrote.
Everything is in float64, on one thread.
"""

import json
from collections import OrderedDict
from itertools import pairwise
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

VERSION = "2.13.0"
LOSSES = {"mae": functional.l1_loss, "mse": functional.mse_loss}
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "identity": nn.Identity,
               "silu": nn.SiLU, "gelu": nn.GELU}  # fmt: skip
STEPS = 50


class Quadratic(nn.Module):
    """a·x² + b·x + c."""

    def __init__(self):
        super().__init__()
        for name, value in (("a", 1.1), ("b", 1.1), ("c", 1.1)):
            self.register_parameter(name, nn.Parameter(torch.tensor(value)))

    def forward(self, x):
        return self.a * x**2 + self.b * x + self.c


class RectifiedLines(nn.Module):
    """max(m1·x + b1, 0) + max(m2·x + b2, 0)."""

    def __init__(self):
        super().__init__()
        for name, value in (("m1", -1.5), ("b1", -1.4), ("m2", 1.3), ("b2", 1.5)):
            self.register_parameter(name, nn.Parameter(torch.tensor(value)))

    def forward(self, x):
        left = functional.relu(self.m1 * x + self.b1)
        return left + functional.relu(self.m2 * x + self.b2)


def mlp(sizes, activation):
    """Dense layers with PyTorch's own initialisation and names."""
    layers = []
    for layer, (inputs, units) in enumerate(pairwise(sizes)):
        if layer:
            layers.append((str(len(layers)), ACTIVATIONS[activation]()))
        layers.append((str(len(layers)), nn.Linear(inputs, units)))
    return nn.Sequential(OrderedDict(layers))


def numbers(tensors):
    """Name → nested lists."""
    return {name: tensor.detach().tolist() for name, tensor in tensors}


def one_gradient(model, x, y, loss):
    """The loss and its gradient by every parameter."""
    model.zero_grad()
    value = LOSSES[loss](model(x), y)
    value.backward()
    gradients = numbers((name, each.grad) for name, each in model.named_parameters())
    return {"loss": value.item(), "gradients": gradients}


def one_run(build, x, y, loss, batch_size, zero_gradients, learning_rate):
    """Each step's loss before its update, and the parameters after the last."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, position = [], 0
    for _ in range(STEPS):
        rows = slice(position, position + (batch_size or len(x)))
        if zero_gradients:
            optimizer.zero_grad()
        value = LOSSES[loss](model(x[rows]), y[rows])
        value.backward()
        optimizer.step()
        losses.append(value.item())
        position = rows.stop if rows.stop < len(x) else 0
    return {
        "batch_size": batch_size,
        "zero_gradients": zero_gradients,
        "learning_rate": learning_rate,
        "losses": losses,
        "parameters": numbers(model.named_parameters()),
    }


def main():
    """Make every case and write the file."""
    assert torch.__version__.split("+")[0] == VERSION, torch.__version__
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    shapes = [("quadratic", None, None), ("relu", None, None)]
    shapes += [("mlp", (2, 5, 2), activation) for activation in ACTIVATIONS]
    shapes += [("mlp", (1, 6, 4, 1), activation) for activation in ("relu", "tanh")]
    cases = []
    for kind, sizes, activation in shapes:

        def build(kind=kind, sizes=sizes, activation=activation):
            torch.manual_seed(7)
            if kind == "mlp":
                return mlp(sizes, activation)
            return Quadratic() if kind == "quadratic" else RectifiedLines()

        torch.manual_seed(42)
        inputs, outputs = (sizes[0], sizes[-1]) if sizes else (1, 1)
        x = 4 * torch.rand(20, inputs) - 2
        y = 3 * x[:, :1] ** 2 + 2 * x[:, :1] + 1 + torch.randn(20, outputs)
        for loss in LOSSES:
            cases.append(
                {
                    "model": kind,
                    "sizes": sizes,
                    "activation": activation,
                    "loss": loss,
                    "x": x.tolist(),
                    "y": y.tolist(),
                    "parameters": numbers(build().named_parameters()),
                    "at_the_start": one_gradient(build(), x, y, loss),
                    "runs": [
                        one_run(build, x, y, loss, batch_size, zero_gradients, 0.002)
                        for batch_size in (0, 8)
                        for zero_gradients in (True, False)
                    ],
                }
            )
    target = Path(__file__).with_name("gradients.json")
    text = json.dumps({"torch": VERSION, "cases": cases}, separators=(",", ":"))
    target.write_text(text.replace('{"model"', '\n{"model"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
