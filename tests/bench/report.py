"""One line of the bench: what was measured, against what, and what it must hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`must` bounds the ratio from above, or from below when `at_least`; None only reports."""

    name: str
    ratio: float
    must: float | None = None
    at_least: bool = False
    detail: str = ""

    @property
    def kept(self) -> bool:
        if self.must is None:
            return True
        return self.ratio >= self.must if self.at_least else self.ratio <= self.must

    def __str__(self) -> str:
        bound = "" if self.must is None else f" (must {'>=' if self.at_least else '<='} {self.must:g})"
        verdict = "" if self.kept else "  MISSED"
        return f"{self.name}: {self.ratio:.3g}{bound}{verdict}  {self.detail}".rstrip()
