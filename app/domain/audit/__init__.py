"""The audit trail: append-only, hash-chained, without words of people."""
