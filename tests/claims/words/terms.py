"""What is true of a term that is explained."""

from claims.words.claim import claim
from nn_core.explain.glossary import term


@claim(r"(\S+) – (.+)\.$")
def a_term_means(snapshot, name, meaning):
    assert term(name).meaning == meaning
    assert not snapshot.running
