"""The body of an answer, unpacked piece by piece: a reader that stops at its limit never holds more than that."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import httpx

ACCEPTED = "gzip, deflate"
"""The content codings that are asked for; `unpacked` knows no others."""
PIECE = 64 * 1024
"""Bytes that come out at a time at the most."""
CHUNKS = 100
"""Chunks of a body between two turns of the event loop."""
MOST_CHUNKS = 10_000
"""Chunks of a body, most of which are as long as a packet; one of a byte each costs seconds of the processor."""


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body of ``response`` in pieces of at most `PIECE` bytes.

    Raises `httpx.DecodingError` for more than one content coding, for another than those of `ACCEPTED`, for more than
    `MOST_CHUNKS`, and for a body that is not packed as it says.
    """
    if response.is_stream_consumed:  # a transport that is no network has it in memory already
        yield response.content
        return
    unpacker = _unpacker(response.headers.get_list("Content-Encoding", split_commas=True))
    chunks = 0
    async for chunk in response.aiter_raw():
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise httpx.DecodingError(f"cut into more than {MOST_CHUNKS} chunks")
        if not chunks % CHUNKS:
            await asyncio.sleep(0)
        for piece in unpacker.pieces(chunk):
            yield piece
    unpacker.end()


class _Unpacker(Protocol):
    def pieces(self, chunk: bytes) -> Iterator[bytes]: ...

    def end(self) -> None: ...


def _unpacker(codings: list[str]) -> _Unpacker:
    names = [name for coding in codings if (name := coding.strip().lower()) not in ("", "identity")]
    if not names:
        return _Plain()
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise httpx.DecodingError("packed in a way that was not asked for")
    return _Packed(names[0] == "deflate")


class _Plain:
    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def end(self) -> None:
        """Nothing can be missing."""


class _Packed:
    """One gzip or deflate coding; what follows its end is not read."""

    def __init__(self, is_deflate: bool) -> None:
        self._is_deflate = is_deflate
        self._began = False
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS if is_deflate else zlib.MAX_WBITS | 16)

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self._unpack.eof:
            try:
                piece = self._unpack.decompress(chunk, PIECE)
            except zlib.error as error:
                if self._began or not self._is_deflate:
                    raise httpx.DecodingError(str(error)) from error
                self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)  # some send deflate without the head of zlib
                self._began = True
                continue
            self._began = True
            chunk = self._unpack.unconsumed_tail
            if piece:
                yield piece

    def end(self) -> None:
        """Raise `httpx.DecodingError` when something is missing."""
        if self._began and not self._unpack.eof:
            raise httpx.DecodingError("cut short")
