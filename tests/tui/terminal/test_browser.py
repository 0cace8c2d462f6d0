"""What a server and a visitor's process say to each other, whatever comes."""

import pytest
from textual import constants

from nn_tui.terminal.browser import LONGEST_PACKET, BrowserDriver, Packets, packet
from nn_tui.terminal.ending import EndingApp
from nn_tui.terminal.patient import own_driver


@pytest.mark.parametrize("piece", [1, 3, 7, 1000])
def test_packets_are_put_together_however_they_are_cut(piece: int) -> None:
    sent = [(b"D", b""), (b"M", b'{"type": "quit"}'), (b"D", "ä●".encode()), (b"D", b"x" * 300)]
    stream = b"".join(packet(kind, content) for kind, content in sent)
    packets = Packets()
    found = [
        each
        for at in range(0, len(stream), piece)
        for each in packets.feed(stream[at : at + piece])
    ]
    assert found == sent


def test_a_packet_that_no_server_sends_is_refused_before_it_is_there() -> None:
    with pytest.raises(ValueError, match="no server"):
        list(Packets().feed(b"D" + (LONGEST_PACKET + 1).to_bytes(4, "big")))


def test_our_own_driver_steps_aside_where_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert EndingApp[int]().driver_class is own_driver()
    monkeypatch.setenv("TEXTUAL_DRIVER", "nn_tui.terminal.browser:BrowserDriver")
    monkeypatch.setattr(constants, "DRIVER", "nn_tui.terminal.browser:BrowserDriver")
    assert EndingApp[int]().driver_class is BrowserDriver
