"""Frames between the host and a worker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emulator.host.runtime import frames

META = st.dictionaries(st.text(), st.none() | st.integers() | st.text())
FRAME = st.tuples(st.integers(1, 6), META, st.binary())


@given(st.lists(FRAME, max_size=5), st.integers(1, 40))
def test_frames_survive_any_cutting_of_their_bytes(sent: list[tuple[int, dict[str, object], bytes]], size: int) -> None:
    data = b"".join(frames.encode(kind, meta, payload) for kind, meta, payload in sent)
    reader = frames.Frames()
    received = []

    for begin in range(0, len(data), size):
        reader.feed(data[begin : begin + size])
        while (frame := reader.find_next()) is not None:
            received.append(frame)

    assert received == sent
    assert reader.find_next() is None
