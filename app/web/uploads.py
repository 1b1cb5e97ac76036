"""Forms with files, by Starlette's parser: of files that are too big the beginning is kept, of the words beside them all."""

from contextlib import aclosing

from fastapi import HTTPException, Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from app.web.body import BODY_LIMIT, KEPT_OF_FILES, BodyTooLarge


class _Parser(MultiPartParser):
    """``cut`` tells by field how many bytes of its file were thrown away."""

    cut: dict[str, int]
    _room = KEPT_OF_FILES
    _words = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a part: words as much as a form of words may have, files until the room is used up."""
        part = self._current_part
        if part.file is None:
            self._words += end - start
            if self._words > BODY_LIMIT:
                raise BodyTooLarge
        else:
            kept = min(end - start, self._room)
            if kept < end - start:
                self.cut[part.field_name] = self.cut.get(part.field_name, 0) + end - start - kept
            self._room -= kept
            end = start + kept
        super().on_part_data(data, start, end)


async def read_upload(request: Request, **limits: int) -> tuple[FormData, dict[str, int]]:
    """Return the form, and by field the bytes that were thrown away; a broken form is a 400, words without end BodyTooLarge.

    ``limits`` are Starlette's: max_files, max_fields, max_part_size (of words, in bytes).
    """
    try:
        async with aclosing(request.stream()) as stream:
            parser = _Parser(request.headers, stream, **limits)
            parser.cut = {}
            return await parser.parse(), parser.cut
    except MultiPartException as problem:
        raise HTTPException(400, problem.message) from problem
