"""Fingerprints of text columns: 64 bits per row, the same on every machine, computed on whole columns.

Used to find an id among millions without a dictionary in memory, and to give links ids that
depend on what they say and not on where they stand.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

U64 = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FACTOR = 0xD6E8FEB86659FD93


def of_text(column: pa.Array | pa.ChunkedArray) -> U64:
    """Return the fingerprint of each text, shape ``(n,)``; null counts as empty.

    A polynomial in the bytes modulo 2**64 (Karp and Rabin 1987), mixed by the finaliser of
    SplitMix64 (Steele, Lea and Flood 2014).
    """
    if isinstance(column, pa.ChunkedArray):
        return np.concatenate([of_text(chunk) for chunk in column.chunks] or [np.zeros(0, np.uint64)])
    if pa.types.is_dictionary(column.type):
        words = of_text(column.dictionary)
        codes = column.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        return np.asarray(np.append(words, mix(np.zeros(1, np.uint64)))[codes], np.uint64)
    if len(column) == 0:
        return np.zeros(0, np.uint64)
    if column.null_count:
        column = column.fill_null("")
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    data = column.buffers()[2]
    text = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] if data else np.zeros(0, np.uint8)
    return mix(_polynomial(text, offsets.astype(np.int64) - int(offsets[0])))


def of_one(text: str) -> int:
    """Return the fingerprint of one text."""
    # As :func:`_polynomial`, but with Python's numbers: for one text they are quicker than arrays.
    total, power = 0, 1
    for byte in text.encode():
        total += (byte + 1) * power
        power = power * _FACTOR % 2**64
    return int(mix(np.array([total % 2**64], np.uint64))[0])


def combined(*columns: U64) -> U64:
    """Return one fingerprint per row for several columns; their order counts."""
    total = np.zeros(len(columns[0]), np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            total = mix(total * _STEP + column)
    return total


def mix(value: U64) -> U64:
    """Return the values with their bits spread (SplitMix64's finaliser)."""
    with np.errstate(over="ignore"):
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))


def as_hex(value: U64) -> pa.Array:
    """Return fingerprints as texts of sixteen hexadecimal digits."""
    digits = np.array([f"{byte:02x}" for byte in range(256)], "S2")
    text = digits[value.astype(">u8").view(np.uint8)]
    offsets = np.arange(0, 16 * len(value) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(value), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text)))


def _polynomial(text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> U64:
    """Return the sum of ``(byte + 1) * factor**place`` of each text.

    One place of all texts at a time; the rest of texts that are far longer than others, a stretch at a time.
    """
    lengths = np.diff(offsets)
    sums = np.zeros(len(lengths), np.uint64)
    starts, rows = offsets[:-1], np.arange(len(lengths))
    longest = int(lengths.max(initial=0))
    power = 1
    with np.errstate(over="ignore"):
        for place in range(longest):
            if not (longer := lengths > place).all():
                starts, lengths, rows = starts[longer], lengths[longer], rows[longer]
            if _LONG * len(rows) < longest - place:
                for start, length, row in zip(starts.tolist(), lengths.tolist(), rows.tolist(), strict=True):
                    sums[row] += _stretches(text[start + place : start + length], power)
                break
            sums[rows] += (text[starts + place].astype(np.uint64) + np.uint64(1)) * np.uint64(power)
            power = power * _FACTOR % 2**64
    return sums


_LONG = 8
"""So many places of all texts take the time of a stretch of one."""

_POWERS = np.multiply.accumulate(np.array([1, *[_FACTOR] * 4096], np.uint64))


def _stretches(text: npt.NDArray[np.uint8], power: int) -> np.uint64:
    """Return the sum of ``(byte + 1) * factor**place`` of one text, times a power; overflow is meant."""
    total = np.uint64(0)
    for start in range(0, len(text), len(_POWERS) - 1):
        part = text[start : start + len(_POWERS) - 1].astype(np.uint64) + np.uint64(1)
        total += (part * _POWERS[: len(part)]).sum(dtype=np.uint64) * np.uint64(power)
        power = power * int(_POWERS[-1]) % 2**64
    return total
