"""What was hidden needlessly is given back, and what cost many people is hidden elsewhere, while the audit passes."""

from app.domain.reporting.protecting.auditing import Audit
from app.domain.reporting.protecting.working import Work

TOTAL = 0.2  # what hiding a total costs, against a cell with as many people: they are still counted elsewhere
LARGE = 10_000  # numbers of a release that is left as it is: one attempt takes a second there
EFFORT = 300_000  # unknowns in all searches for something better; then it is good enough (a clock would make chance of it)


def improve(work: Work) -> None:
    """Give back what need not be hidden, then try for each number that is hidden for protection to hide others instead."""
    if work.units.size > LARGE:
        return
    better = _Better(work)
    better.give_back()
    for unit in better.extra():
        better.instead_of(unit)


class _Better:
    """Attempts, each of which is taken back where it does not pass the audit or loses more people."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.totals = {n for at in work.units.at for n in (*at[-1], *(line[-1] for line in at))}
        self.enough = self.effort() + EFFORT

    def cost(self, unit: int) -> float:
        """Return how many people a reader loses with it."""
        return self.work.units.people(unit) * (TOTAL if unit in self.totals else 1)

    def extra(self) -> list[int]:
        """Return what is hidden for protection, the costliest first."""
        return sorted(self.work.hidden - self.work.for_good, key=lambda n: (-self.cost(n), n))

    def effort(self) -> int:
        """Return what was spent on searches so far."""
        return sum(attack.audit.effort for attack in self.work.attacks)

    def is_over(self) -> bool:
        """Say whether the effort is spent."""
        return self.effort() >= self.enough

    def give_back(self) -> None:
        """Show again what may be shown."""
        work = self.work
        for unit in self.extra():
            fewer = work.hidden - {unit}
            if self.is_over() or work.closed(fewer) != fewer:
                continue
            audits = list[Audit]()
            for attack in work.attacks:
                audit, passes = attack.audited(fewer)
                attack.audit.effort = audit.effort
                if not passes:
                    break
                audits.append(audit)
            else:
                self._take(fewer, audits)

    def instead_of(self, unit: int) -> None:
        """Show a number, and hide others for what it protected, if that loses fewer people."""
        work = self.work
        fewer = work.hidden - {unit}
        if self.is_over() or unit not in work.hidden or work.closed(fewer) != fewer:
            return
        before, audits, kept = work.hidden, [attack.audit for attack in work.attacks], work.kept
        loss = sum(map(self.cost, before))
        work.kept = kept | {unit}
        self._take(fewer, [attack.restricted(fewer) for attack in work.attacks])
        while (found := work.found()) and sum(map(self.cost, work.hidden)) < loss and not self.is_over():
            if not work.hide_more(*found) or unit in work.hidden:
                break
        if not found:
            self.give_back()
        if found or sum(map(self.cost, work.hidden)) >= loss:
            spent = [attack.audit.effort for attack in work.attacks]
            work.kept = kept
            self._take(before, audits)
            for attack, effort in zip(work.attacks, spent, strict=True):
                attack.audit.effort = effort

    def _take(self, hidden: set[int], audits: list[Audit]) -> None:
        self.work.hidden = hidden
        for attack, audit in zip(self.work.attacks, audits, strict=True):
            attack.audit = audit
