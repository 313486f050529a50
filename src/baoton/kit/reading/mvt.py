"""A vector tile of points in the Mapbox Vector Tile format, version 2: one layer, encoded by hand.

Written from the published specification (github.com/mapbox/vector-tile-spec, 2.1): protocol buffers with
varints, geometry as one MoveTo per point, properties as indices into a table of keys and one of values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EXTENT = 4096
MOVE_TO_ONE = 9
Value = str | int


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a tile: column and row within EXTENT, and properties in the order of the layer's keys."""

    x: int
    y: int
    values: Sequence[Value]


def varint(number: int) -> bytes:
    """An unsigned integer in groups of seven bits, the least first."""
    if number < 0x80:
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number: int) -> int:
    return number << 1 if number >= 0 else -number * 2 - 1


def field(number: int, content: bytes) -> bytes:
    """A field that carries its length: text, a message or a packed list."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def whole(number: int, value: int) -> bytes:
    """A field that carries one integer."""
    return varint(number << 3) + varint(value)


def encode(layer: str, keys: Sequence[str], points: Iterable[Point]) -> bytes:
    """The tile's bytes; no points give an empty text, which is how the format says an empty tile."""
    table: dict[Value, int] = {}
    features = bytearray()
    for point in points:
        tags = bytearray()
        for key, value in enumerate(point.values):
            place = table.setdefault(value, len(table))
            tags += varint(key) + varint(place)
        geometry = varint(MOVE_TO_ONE) + varint(zigzag(point.x)) + varint(zigzag(point.y))
        features += field(2, field(2, bytes(tags)) + b"\x18\x01" + field(4, geometry))
    if not features:
        return b""
    body = whole(15, 2) + field(1, layer.encode()) + bytes(features)
    body += b"".join(field(3, key.encode()) for key in keys)
    body += b"".join(field(4, _value(value)) for value in table)
    return field(3, body + whole(5, EXTENT))


def _value(value: Value) -> bytes:
    return field(1, value.encode()) if isinstance(value, str) else whole(5, value)
