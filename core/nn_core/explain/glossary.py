"""The terms on the screen, each explained in one sentence."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term and what it means; `also` are other ways in which it is written.

    A number in them stands for any.
    """

    name: str
    meaning: str
    also: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether a text has the term in it, as a word of its own."""
        forms = (re.sub(r"\d+", r"\\d+", re.escape(each)) for each in (self.name, *self.also))
        written = "|".join(forms)
        return re.search(rf"(?<!\w)(?:{written})(?!\w)", text, re.IGNORECASE) is not None


TERMS = (
    Term("loss", "how far off the model is, in one number; training makes it small"),
    Term("MAE", "mean absolute error: the mean distance of the model from the data"),
    Term("MSE", "mean squared error: the mean of the squared distances"),
    Term("Huber", "a loss that squares small distances, and takes large ones as they are"),
    Term("log-cosh", "a loss much like Huber’s, without a seam between small and large"),
    Term("cross-entropy", "the model’s surprise at the right answer, on average"),
    Term("pred", "the prediction: what the model says for a row; of classes it is the logit"),
    Term("logit", "a model’s output, before σ or softmax makes probabilities of it", ("logits",)),
    Term("σ", "the sigmoid, 1 ÷ (1 + e^−z): makes a probability of one logit z", ("sigmoid",)),
    Term("softmax", "makes probabilities of several logits: e^z of each ÷ the sum of them all"),
    Term("accuracy", "of all rows, how many are taken for their class", ("right",)),
    Term("precision", "of rows taken for a class, how many are of it"),
    Term("recall", "of a class’s rows, how many are taken for it"),
    Term("parameter", "a number that training changes: a, b, c, or a weight or bias",
         ("parameters",)),
    Term("gradient", "how the loss changes when a parameter rises, a number for each"),
    Term("Σ", "the sum: without zeroing, Σ gradient adds up those of all steps since, and is used"),
    Term("∂", "∂loss/∂b is read “how the loss changes when b rises”: the gradient of b",
         ("∂loss",)),
    Term("update", "what a step adds to a parameter: in plain descent −lr · gradient"),
    Term("lr", "the learning rate: how far a step goes for a gradient of 1",
         ("learning rate", "rate")),
    Term("step", "one update of all the parameters, from one batch of rows"),
    Term("epoch", "one pass over all rows of the data; without batches it is one step",
         ("epochs",)),
    Term("batch", "the rows that one step looks at", ("batches",)),
    Term("zeroing", "setting the gradients to 0 before each step; without it they add up",
         ("zeroed", "unzeroed")),
    Term("twin", "the same run with its gradients zeroed at each step"),
    Term("SGD", "stochastic gradient descent: down the gradient of each batch"),
    Term("momentum", "steps roll on like a ball: a part of the last one is kept"),
    Term("Nesterov", "momentum that looks where it rolls, before it takes the gradient"),
    Term("RMSprop", "divides each gradient by the size it usually has"),
    Term("Adam", "momentum and RMSprop together: the usual first choice for networks"),
    Term("AdamW", "Adam that also shrinks the weights at each step"),
    Term("Lion", "takes only the sign of a smoothed gradient: all steps are alike"),
    Term("schedule", "a plan of how the learning rate changes in a run",
         ("cosine", "one-cycle", "warm-up", "exponential", "plateau")),
    Term("vote", "which way, and how hard, one row moves a parameter",
         ("votes", "say")),
    Term("phase", "a part of a step: zero, forward, loss, backward, update", ("phases",)),
    Term("forward", "the phase that predicts each row of the batch"),
    Term("backward", "the phase that works out the gradients, from the loss back to the inputs"),
    Term("truth", "the function that the data was made from, before noise was added",
         ("the truth itself",)),
    Term("noise", "what was added to the data at random; a model that fits it fits nothing real"),
    Term("best quadratic", "the one with the least loss on these rows; it fits some noise"),
    Term("val", "validation: the loss on rows that no update sees", ("validation",)),
    Term("over-fitting", "learning the noise: the training loss falls, the validation loss rises",
         ("over-fits", "overfitting", "learns the noise")),
    Term("scaled", "with mean 0 and deviation 1, so that one learning rate suits all columns",
         ("standardised",)),
    Term("layer", "units side by side that take the same inputs; the last one is the output",
         ("layers",)),
    Term("unit", "a neuron: inputs times weights, plus a bias, through an activation",
         ("units", "neuron")),
    Term("unit 1.3", "unit 3 of layer 1; h1.3 is what it puts out, δ1.3 the slope at its sum",
         ("h1.3", "δ1.3")),
    Term("W1", "the weights of layer 1, b1 its biases; W1[3,2] is that of unit 3 for its input 2"),
    Term("weight", "a number that an input is multiplied by", ("weights",)),
    Term("bias", "a number that is added whatever the inputs are"),
    Term("activation", "the function that a unit puts its sum through, as ReLU or tanh"),
    Term("ReLU", "rectified linear unit: max(0, sum), a line that is cut off below 0", ("ReLUs",)),
    Term("kink", "where a ReLU begins to be on, and the curve bends", ("kinks",)),
    Term("dead", "said of a unit that is 0 on every row: no gradient reaches it any more",
         ("silent",)),
    Term("diverged", "said of a run that grew beyond all bounds: the rate is too large",
         ("NaN",)),
    Term("saturated", "said of a unit whose activation is flat there: it passes on no gradient",
         ("flat",)),
    Term("spread", "a network’s start with kinks all over the data"),
    Term("health", "the size of an update beside what it changes; 0.00003 to 0.03 is ok",
         ("update ÷ size", "÷ size")),
    Term("penalty", "added to what is descended, so that large weights cost something",
         ("l1", "l2")),
    Term("clip", "a gradient longer than this is shortened to it", ("clipping", "clipped")),
    Term("frozen", "said of a parameter that gets no update", ("freeze",)),
    Term("seed", "the number that random draws begin from; the same one gives the same run"),
    Term("contest", "a move by hand against a step of descent, by turns"),
)  # fmt: skip


def term(name: str) -> Term | None:
    """The term of this name, where the glossary has it."""
    return next((found for found in TERMS if found.name == name), None)
