"""A second list of scenarios, made before the planner was finished and never tuned to; and others, drawn."""

from random import Random
from typing import Any, Final

OWN: list[dict[str, Any]] = [
    {"id": "G1", "N": 150, "T": 10, "min": 8, "seen": 0.0, "truth": "fsrs", "spread": 1.4},
    {"id": "G2", "N": 400, "T": 21, "min": 15, "seen": 0.3, "truth": "fsrs", "miss": 0.35},
    {"id": "G3", "N": 600, "T": 45, "min": 10, "seen": 0.0, "truth": "fsrs", "spread": 0.5},
    {"id": "G4", "N": 2000, "T": 20, "min": 30, "seen": 0.7, "truth": "fsrs"},
    {"id": "G5", "N": 80, "T": 2, "min": 25, "seen": 0.0, "truth": "fsrs"},
    {"id": "E1", "N": 200, "T": 10, "min": 15, "seen": 0.4, "truth": "exp"},
    {"id": "E2", "N": 500, "T": 40, "min": 10, "seen": 0.0, "truth": "exp", "miss": 0.1},
    {"id": "P1", "N": 300, "T": 14, "min": 10, "seen": 0.0, "truth": "power"},
    {"id": "P2", "N": 700, "T": 30, "min": 15, "seen": 0.5, "truth": "power", "miss": 0.2},
    {"id": "P3", "N": 200, "T": 5, "min": 12, "seen": 0.0, "truth": "power"},
    {"id": "A3", "N": 200, "T": 21, "min": 10, "seen": 0.0, "truth": "actr", "miss": 0.15},
    {"id": "A4", "N": 400, "T": 10, "min": 25, "seen": 0.6, "truth": "actr"},
]
SEED, LEARNERS = 977, 24
DRAWN: Final = 10
TRUTHS: Final = ("fsrs", "exp", "actr", "power")


def drawn(seed: int, count: int = DRAWN) -> list[dict[str, Any]]:
    """Scenarios of all kinds, drawn by chance: nobody can have tuned to them."""
    dice = Random(seed)
    return [
        {
            "id": f"D{number}",
            "N": dice.choice((60, 120, 250, 400, 700, 1000)),
            "T": dice.choice((2, 4, 7, 10, 15, 21, 30, 45)),
            "min": dice.choice((5, 8, 12, 20, 30)),
            "seen": dice.choice((0.0, 0.0, 0.3, 0.6, 0.8)),
            "truth": dice.choice(TRUTHS),
            "miss": dice.choice((0.0, 0.0, 0.1, 0.3)),
        }
        for number in range(1, count + 1)
    ]
