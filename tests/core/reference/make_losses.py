"""Make losses.json: losses, penalties and clipped gradients as PyTorch has them, in float64.

Run with torch==2.13.0 (`pip install torch==2.13.0`, in an environment of its own):

    python make_losses.py
"""

import json
from pathlib import Path

import numpy as np
import torch

LEARNING_RATE = 0.05
STEPS = 200
RUNS = {
    "huber": {"loss": "huber"},
    "l1": {"loss": "mse", "l1": 0.01},
    "l2": {"loss": "mse", "l2": 0.02},
    "clip": {"loss": "mse", "clip": 0.3},
    "clip, never zeroed": {"loss": "mse", "clip": 0.3, "zero_gradients": False},
    "all": {"loss": "huber", "l1": 0.003, "l2": 0.01, "clip": 0.2},
    "clip, a layer frozen": {"loss": "mse", "clip": 0.3, "freeze": ["0.weight", "0.bias"]},
    "log-cosh": {"loss": "log-cosh"},
}


def log_cosh(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The log-cosh loss of each number; PyTorch has none of its own."""
    size = (prediction - target).abs()
    return size + torch.log1p(0.5 * torch.expm1(-2 * size))


LOSSES = {  # of each number
    "mae": torch.nn.L1Loss(reduction="none"),
    "mse": torch.nn.MSELoss(reduction="none"),
    "huber": torch.nn.HuberLoss(reduction="none"),
    "log-cosh": log_cosh,
}
RESIDUALS = [-3.0, -1.5, -1.0, -0.25, 0.0, 0.5, 1.0, 1.0000001, 40.0]


def network(random: np.random.Generator) -> torch.nn.Sequential:
    """A network 2 → 8 → 1 with tanh: smooth, so that rounding can't be blown up at a kink."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    for parameter in model.parameters():
        parameter.data = torch.tensor(random.normal(0, 0.5, tuple(parameter.shape)))
    return model


def penalty(weights: list[torch.Tensor], settings: dict) -> torch.Tensor:
    """L1 · Σ|w| + L2 · Σw²; biases are free."""
    absolute = sum(weight.abs().sum() for weight in weights)
    square = sum(weight.square().sum() for weight in weights)
    return settings.get("l1", 0.0) * absolute + settings.get("l2", 0.0) * square


def run(settings: dict, random: np.random.Generator, x: torch.Tensor, y: torch.Tensor) -> dict:
    """The start, and of each of 200 full-batch steps the loss of the data and the gradient's norm.

    The norm is the one that `clip_grad_norm_` returns: before it clips.
    """
    model = network(random)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name not in settings.get("freeze", ()))
    start = {key: value.tolist() for key, value in model.state_dict().items()}
    weights = [value for name, value in model.named_parameters() if name.endswith("weight")]
    optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE)
    losses, norms = [], []
    for _ in range(STEPS):
        if settings.get("zero_gradients", True):
            optimizer.zero_grad()
        loss = LOSSES[settings["loss"]](model(x), y).mean()
        (loss + penalty(weights, settings)).backward()
        longest = settings.get("clip", float("inf"))
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), longest).item())
        optimizer.step()
        losses.append(loss.item())
    end = {key: value.tolist() for key, value in model.state_dict().items()}
    return {
        "settings": settings, "start": start, "losses": losses, "gradient_norms": norms,
        "end": end, "penalty": penalty(weights, settings).item(),
    }  # fmt: skip


def single(name: str) -> dict:
    """The losses of single residuals, and their derivatives."""
    residuals = torch.tensor(RESIDUALS, dtype=torch.float64, requires_grad=True)
    losses = LOSSES[name](residuals, torch.zeros_like(residuals))
    losses.sum().backward()
    return {"losses": losses.tolist(), "slopes": residuals.grad.tolist()}


def main() -> None:
    """Write the file beside this script."""
    random = np.random.default_rng(11)
    x, y = random.normal(size=(30, 2)), random.normal(0, 2, size=(30, 1))
    runs = {
        name: run(settings, random, torch.tensor(x), torch.tensor(y))
        for name, settings in RUNS.items()
    }
    content = {
        "torch": torch.__version__, "learning_rate": LEARNING_RATE,
        "x": x.tolist(), "y": y.tolist(), "runs": runs, "residuals": RESIDUALS,
        "single": {name: single(name) for name in LOSSES},
    }  # fmt: skip
    Path(__file__).with_name("losses.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
