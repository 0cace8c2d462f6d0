"""What is said of the terms on the screen."""

from claims.words import LOOK

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain import glossary
from nn_core.explain.words import terms
from nn_core.formatting import LINE_WIDTH
from nn_core.live.requests import Advance, Look
from nn_core.models.losses import LOSSES


def test_the_first_steps_each_explain_a_term_that_fits_a_line(laboratory):
    for experiment, rows_of_its_own in (("quadratic", True), ("relu-net", False), ("xor", False)):
        with laboratory(EXPERIMENTS[experiment].config) as lab:
            lab.ask(Look(LOOK))
            explained = []
            for _ in range(8):
                said = [*terms.introduced(lab.snapshot)]
                assert not rows_of_its_own or not [*terms.in_the_words(lab.snapshot)]
                assert all(len(sentence) < LINE_WIDTH for sentence in said)
                explained += said
                lab.ask(Advance(1))
            loss = LOSSES[EXPERIMENTS[experiment].config.loss].title
            assert explained[0].startswith(f"{loss} – ")
            assert len({*explained}) == len(explained) >= 7


def test_a_term_that_the_glossary_lacks_is_passed_over(laboratory, monkeypatch):
    known = tuple(each for each in glossary.TERMS if each.name not in ("MSE", "SGD"))
    monkeypatch.setattr(glossary, "TERMS", known)
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        [said] = terms.introduced(lab.snapshot)
        assert said.startswith("gradient – ")
