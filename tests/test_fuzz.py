"""Whatever comes, what reads bytes of strangers takes it. `FUZZ_SECONDS` makes it longer, `FUZZ_SEED` makes it another hunt.

`make fuzz` goes deeper, guided by coverage.
"""

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets

SECONDS = float(os.environ.get("FUZZ_SECONDS", "2"))
SEED = int(os.environ.get("FUZZ_SEED", "20260701"))
_PIECES = (
    b"\0",
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<!--",
    b"\xff",
    b"\xe2\x80",
    b"\r\n",
    b'"',
    b"9" * 400,
    b"[" * 300,
    b"&#x110000;",
    b"WARC/1.1",
)


def damaged(seed: bytes, dice: random.Random) -> bytes:
    """Return a seed with bytes changed, dropped, doubled and put in."""
    data = bytearray(seed)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0 if place < len(data):
                data[place] = dice.randrange(256)
            case 1:
                del data[place : place + dice.randint(1, 40)]
            case 2:
                data[place:place] = data[place : place + dice.randint(1, 60)] * dice.randint(1, 20)
            case 3:
                data[place:place] = dice.choice(_PIECES)
            case _:
                data = data[: place + 1] if dice.random() < 0.2 else data
    return bytes(data)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_target_takes_whatever_comes(name: str) -> None:
    """Every seed, then damaged seeds until the time is up; a failure tells the input."""
    target, found = targets.TARGETS[name], targets.seeds(name)
    dice = random.Random(SEED)
    for seed in found[:100]:
        target(seed)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        data = damaged(dice.choice(found), dice)
        try:
            target(data)
        except Exception as error:
            pytest.fail(f"{name} raises {error!r} for {data[:3000]!r}")


@pytest.mark.parametrize("name", targets.TARGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_target_takes_any_bytes(name: str, data: st.DataObject) -> None:
    """Small inputs, which hypothesis makes smaller until they say what is wrong."""
    given_bytes = data.draw(
        st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
    targets.TARGETS[name](given_bytes)
