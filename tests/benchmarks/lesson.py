"""The lesson's own way, in PyTorch, as it writes it; as a script, ten steps of it.

It follows "How does a neural net really work?" but for the gradients, which are zeroed here.
"""

from functools import partial

import numpy as np
import torch


def f(x):
    """The lesson's truth."""
    return 3 * x**2 + 2 * x + 1


def noise(x, scale):
    """Normal noise of x's shape."""
    return np.random.normal(scale=scale, size=x.shape)


def add_noise(x, mult, add):
    """X with noise, multiplied and added."""
    return x * (1 + noise(x, mult)) + noise(x, add)


def quad(a, b, c, x):
    """Return a·x² + b·x + c."""
    return a * x**2 + b * x + c


def mk_quad(a, b, c):
    """A quadratic with its coefficients filled in."""
    return partial(quad, a, b, c)


def rectified_linear(m, b, x):
    """A line, cut off at 0."""
    y = m * x + b
    return torch.clip(y, 0.0)


def double_relu(m1, b1, m2, b2, x):
    """The sum of two rectified lines."""
    return rectified_linear(m1, b1, x) + rectified_linear(m2, b2, x)


def mk_double_relu(m1, b1, m2, b2):
    """A double ReLU with its parameters filled in."""
    return partial(double_relu, m1, b1, m2, b2)


def mae(preds, acts):
    """Mean absolute error."""
    return (torch.abs(preds - acts)).mean()


def main():
    """Fit the noisy quadratic for ten steps."""
    np.random.seed(42)
    x = torch.linspace(-2, 2, steps=20)[:, None]
    y = add_noise(f(x), 0.15, 1.5)

    def quad_mae(params):
        f = mk_quad(*params)
        return mae(f(x), y)

    abc = torch.tensor([1.1, 1.1, 1.1])
    abc.requires_grad_()
    for i in range(10):
        loss = quad_mae(abc)
        loss.backward()
        with torch.no_grad():
            abc -= abc.grad * 0.01
            abc.grad.zero_()
        print(f"step={i}; loss={loss:.2f}")


if __name__ == "__main__":
    main()
