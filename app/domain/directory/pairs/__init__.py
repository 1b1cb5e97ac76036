"""Listings that may be one and the same: found as soon as one comes or moves, decided by people, never merged by the machine."""
