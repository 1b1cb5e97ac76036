"""For watchers: is the process alive, is the house in order."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

router = APIRouter()


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    """Say that the process answers; tells nothing else."""
    return PlainTextResponse("ok")
