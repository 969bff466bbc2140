"""Bodies unpacked piece by piece, however much one chunk of them comes to."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from aiwatch.sources.network.unpacking import PIECE, unpacked

ZEROS = bytes(40 * PIECE)
PACKED = {
    "gzip": gzip.compress(ZEROS),
    "deflate": zlib.compress(ZEROS),
    "Deflate": zlib.compressobj(wbits=-15).compress(b"") + zlib.compress(ZEROS)[2:-4],
}


class Stream(httpx.AsyncByteStream):
    """A body that comes in one chunk."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


@pytest.mark.parametrize("coding", PACKED)
async def test_no_piece_is_larger_than_said(coding: str) -> None:
    response = httpx.Response(200, headers={"Content-Encoding": coding}, stream=Stream(PACKED[coding]))
    sizes = [len(piece) async for piece in unpacked(response)]
    assert sum(sizes) == len(ZEROS)
    assert max(sizes) <= PIECE
