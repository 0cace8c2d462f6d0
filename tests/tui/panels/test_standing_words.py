"""While a run goes on its sentences stand for a while, but never with a number of the past."""

from nn_tui.panels.standing_words import SECONDS, StandingWords


class Words:
    """Words at moments that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0
        self.standing = StandingWords(lambda: self.now)

    def show(self, *sentences: str, after: float = 0.05, running: bool = True) -> list[str]:
        self.now += after
        return self.standing.of(tuple((each,) for each in sentences), running, "")


def test_a_sentence_that_stands_has_the_newest_numbers() -> None:
    words = Words()
    words.show("The kinks lie at x = −1 and 1.")
    assert words.show("The kinks lie at x = −1.05 and 0.9.") == [
        "The kinks lie at x = −1.05 and 0.9."
    ]


def test_what_is_no_longer_said_goes_at_once_and_other_words_wait() -> None:
    words = Words()
    words.show("The loss is 3 times what it was.", "All points lie above.")
    assert words.show("Target reached.", "All points lie above.") == ["All points lie above."]
    assert words.show("Target reached.", "All points lie above.", after=SECONDS) == [
        "Target reached.",
        "All points lie above.",
    ]


def test_what_every_other_step_says_does_not_flicker() -> None:
    words = Words()
    words.show("It moves on.", "The last step raised the loss by 0.1.")
    shown = [words.show("It moves on.")]
    for at in range(60):
        rose = [f"The last step raised the loss by 0.{at}."] * (at % 2 == 0)
        shown.append(words.show("It moves on.", *rose))
    assert all(each == ["It moves on."] for each in shown)


def test_paused_everything_is_said_at_once() -> None:
    words = Words()
    words.show("One.")
    assert words.show("Two.", running=False) == ["Two."]


def test_the_answer_to_a_key_comes_at_once() -> None:
    standing = StandingWords(lambda: 1.0)
    standing.of((("It moves on.",),), True, "")
    assert standing.of((("Not done: it can’t be.",),), True, "it can’t be") == [
        "Not done: it can’t be."
    ]
