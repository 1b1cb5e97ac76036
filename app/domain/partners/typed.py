"""A listing that was written by hand, back in the fields of its form."""

from typing import Any

from app.domain.directory.rows import Record

_SAME = {"name": "name", "description": "description", "website": "url", "cost": "fees_description",
         "for_whom": "eligibility_description", "language": "language"}  # fmt: skip


def to_fill(data: Record) -> dict[str, Any]:
    """Return the fields of the form (schemas.partners.NewListing) from the HSDS service that ``sheets.read_row`` made of them."""
    found: dict[str, Any] = {field: data.get(name, "") for field, name in _SAME.items()}
    found |= {
        "needs": list(data.get("needs", ())), "open_to": list(data.get("open_to", ())),
        "phone": "; ".join(one["number"] for one in data.get("phones", ()) if one.get("number")),
        "hours": "\n".join(one["description"] for one in data.get("schedules", ()) if one.get("description")),
        "languages": ", ".join(one["name"] for one in data.get("languages", ()) if one.get("name")),
        "town": next((one["name"] for one in data.get("service_areas", ()) if one.get("name")), ""),
        "different": (data.get("overlap") or {}).get("different", ""),
    }  # fmt: skip
    return found | _place(data, found["town"])


def _place(data: Record, town: str) -> dict[str, str]:
    links = data.get("service_at_locations") or [{}]
    place: Record = links[0].get("location") or {}
    found = {"place": place.get("name", ""), "street": "", "postcode": "", "region": ""}
    if addresses := place.get("addresses"):
        parts = {"street": "address_1", "postcode": "postal_code", "region": "state_province"}
        return found | {field: addresses[0].get(name, "") for field, name in parts.items()}
    return found | _of_words(place.get("description", ""), town)


def _of_words(text: str, town: str) -> dict[str, str]:
    """Return the parts of an address that stands as words: street, town, region and postcode, in this order, some missing."""
    parts = [part for part in text.split(", ") if part]
    at = parts.index(town) if town in parts else len(parts)
    after = parts[at + 1 :]
    codes = [part for part in after if any(letter.isdigit() for letter in part)]
    return {
        "street": ", ".join(parts[:at]), "postcode": ", ".join(codes), "region": ", ".join(p for p in after if p not in codes),
    }  # fmt: skip
