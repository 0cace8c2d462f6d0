"""Make optimizers.json: 200 steps of each optimizer by PyTorch, in float64.

A run is named by the optimizer, and by the constants that are not the usual ones.

Run with torch==2.13.0 (`pip install torch==2.13.0`, in an environment of its own):

    python make_optimizers.py
"""

import json
from pathlib import Path

import numpy as np
import torch

LEARNING_RATE = 0.002  # larger, and RMSprop jitters so that rounding is blown up
STEPS = 200


class Lion(torch.optim.Optimizer):
    """Lion as its authors publish it (github.com/google/automl, lion/lion_pytorch.py)."""

    def __init__(
        self,
        parameters,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.data.mul_(1 - group["lr"] * group["weight_decay"])
                state, (beta1, beta2) = self.state[parameter], group["betas"]
                average = state.setdefault("exp_avg", torch.zeros_like(parameter))
                update = average * beta1 + parameter.grad * (1 - beta1)
                parameter.add_(update.sign_(), alpha=-group["lr"])
                average.mul_(beta2).add_(parameter.grad, alpha=1 - beta2)


MAKE = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, LEARNING_RATE),
    "momentum": lambda parameters: torch.optim.SGD(parameters, LEARNING_RATE, momentum=0.9),
    "nesterov": lambda parameters: torch.optim.SGD(
        parameters, LEARNING_RATE, momentum=0.9, nesterov=True
    ),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, LEARNING_RATE),
    "adam": lambda parameters: torch.optim.Adam(parameters, LEARNING_RATE),
    "adamw": lambda parameters: torch.optim.AdamW(parameters, LEARNING_RATE),
    "lion": lambda parameters: Lion(parameters, LEARNING_RATE),
    "momentum with momentum=0.5": lambda parameters: torch.optim.SGD(
        parameters, LEARNING_RATE, momentum=0.5
    ),
    "momentum with momentum=1": lambda parameters: torch.optim.SGD(
        parameters, LEARNING_RATE, momentum=1.0
    ),
    "nesterov with momentum=0.99": lambda parameters: torch.optim.SGD(
        parameters, LEARNING_RATE, momentum=0.99, nesterov=True
    ),
    "rmsprop with alpha=0.9,epsilon=0.1": lambda parameters: torch.optim.RMSprop(
        parameters, LEARNING_RATE, alpha=0.9, eps=0.1
    ),
    "adam with beta1=0.5,beta2=0.99,epsilon=0.001": lambda parameters: torch.optim.Adam(
        parameters, LEARNING_RATE, betas=(0.5, 0.99), eps=0.001
    ),
    "adam with beta1=0": lambda parameters: torch.optim.Adam(
        parameters, LEARNING_RATE, betas=(0.0, 0.999)
    ),
    "adamw with beta1=0.8,weight_decay=0.3": lambda parameters: torch.optim.AdamW(
        parameters, LEARNING_RATE, betas=(0.8, 0.999), weight_decay=0.3
    ),
    "lion with beta1=0.8,beta2=0.95,weight_decay=0.1": lambda parameters: Lion(
        parameters, LEARNING_RATE, betas=(0.8, 0.95), weight_decay=0.1
    ),
}


def network(random: np.random.Generator) -> torch.nn.Sequential:
    """A network 2 → 8 → 1 with tanh: smooth, so that rounding can't be blown up at a kink."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    for parameter in model.parameters():
        parameter.data = torch.tensor(random.normal(0, 0.5, tuple(parameter.shape)))
    return model


def run(name: str, random: np.random.Generator, x: torch.Tensor, y: torch.Tensor) -> dict:
    """The start, the losses and the end of 200 full-batch steps on the mean squared error."""
    model = network(random)
    start = {key: value.tolist() for key, value in model.state_dict().items()}
    optimizer = MAKE[name](model.parameters())
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = {key: value.tolist() for key, value in model.state_dict().items()}
    return {"start": start, "losses": losses, "end": end}


def main() -> None:
    """Write the file beside this script."""
    random = np.random.default_rng(7)
    x, y = random.normal(size=(30, 2)), random.normal(size=(30, 1))
    runs = {name: run(name, random, torch.tensor(x), torch.tensor(y)) for name in MAKE}
    content = {
        "torch": torch.__version__, "learning_rate": LEARNING_RATE,
        "x": x.tolist(), "y": y.tolist(), "runs": runs,
    }  # fmt: skip
    Path(__file__).with_name("optimizers.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
