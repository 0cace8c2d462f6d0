"""Make weights.safetensors and weights.json: a network that PyTorch trained, and how it goes on.

Run with torch==2.13.0 and safetensors==0.8.0, in an environment of their own:

    python make_weights.py
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

LEARNING_RATE, STEPS_BEFORE, STEPS_AFTER = 0.05, 30, 20


def main() -> None:
    """Write the files beside this script: the weights after 30 steps, and the next 20 losses."""
    torch.manual_seed(11)
    torch.set_default_dtype(torch.float64)
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 4), torch.nn.Tanh(),
        torch.nn.Linear(4, 1),
    )  # fmt: skip
    x, y = torch.randn(30, 2), torch.randn(30, 1)
    optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE)
    here = Path(__file__).parent
    losses = []
    for step in range(STEPS_BEFORE + STEPS_AFTER):
        if step == STEPS_BEFORE:
            save_file(model.state_dict(), here / "weights.safetensors")
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    content = {
        "torch": torch.__version__, "learning_rate": LEARNING_RATE,
        "x": x.tolist(), "y": y.tolist(), "losses": losses[STEPS_BEFORE:],
    }  # fmt: skip
    (here / "weights.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
