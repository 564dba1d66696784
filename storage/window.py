"""A stream that can go back a little, so that a WARC file from the network can be read on after damage.

Only bytes and positions here; what they mean is up to `foreign.py`.
"""

from typing import Protocol

_CHUNK = 1 << 16
_MOST = 1 << 28  # bytes that are held for going back; beyond that the oldest are given up


class Stream(Protocol):
    """Anything that gives its bytes in order, once."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class Seekable(Stream, Protocol):
    """A file or a window."""

    def seek(self, offset: int, /) -> int:
        """Go to a position counted from the start."""
        ...

    def tell(self) -> int:
        """Return the position counted from the start."""
        ...


class Window:
    """A stream of which the bytes since the last `forget` can be read again."""

    def __init__(self, stream: Stream) -> None:
        """Begin at position 0, wherever the stream itself stands."""
        self._stream, self._held = stream, bytearray()
        self._base = self._position = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        size = _CHUNK if size < 0 else size
        ahead = self._position - self._base
        while len(self._held) <= ahead:
            fresh = self._stream.read(max(size, _CHUNK))
            if not fresh:
                return b""
            self._held += fresh
        found = bytes(self._held[ahead : ahead + size])
        self._position += len(found)
        if self._position - self._base > _MOST:
            self.forget(self._position)
        return found

    def seek(self, offset: int, /) -> int:
        """Go to a position ahead, or to one behind that is still held. Raises `ValueError` for one that is not."""
        if offset < self._base:
            raise ValueError("the stream cannot go back that far")
        self._position = offset
        return offset

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def forget(self, before: int) -> None:
        """Give up the bytes before a position, which nobody will read again."""
        if before > self._base:
            gone = min(before - self._base, len(self._held))
            del self._held[:gone]
            self._base += gone
