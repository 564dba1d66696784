"""Rows hold what pages smuggle in: the rest of a segment must not be kept out by one string."""

import pyarrow as pa
import pytest

from storage import rows


@pytest.mark.parametrize(
    ("column", "kind", "held"),
    [
        (("x\udc00y", "z"), pa.string(), ["x?y", "z"]),
        ((["a\ud800"], None), pa.list_(pa.string()), [["a?"], None]),
        (
            ({"rule": "\ud83d", "start": 1},),
            pa.struct([("rule", pa.string()), ("start", pa.int32())]),
            [{"rule": "?", "start": 1}],
        ),
    ],
)
def test_half_a_character_becomes_a_whole_one_in_its_place(
    column: tuple[object, ...], kind: pa.DataType, held: list[object]
) -> None:
    """One for one, so that offsets stay true."""
    assert rows._array(column, kind).to_pylist() == held
