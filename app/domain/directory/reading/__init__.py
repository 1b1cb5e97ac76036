"""Reading directories of services from files (HSDS JSON, datapackages, CSV folders, mapped files) into HSDS objects."""

from app.domain.directory.reading.shapes import KINDS, Held, Item, Kind, Note, Unreadable, stable_id
from app.domain.directory.reading.source import Source, open_source

__all__ = ["KINDS", "Held", "Item", "Kind", "Note", "Source", "Unreadable", "open_source", "stable_id"]
