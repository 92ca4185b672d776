"""`make bench`: the speed budgets as ratios, each measured side by side with its yardstick in this very run.

A name on the command line chooses some: `python -m tests.bench queue bytes`.
"""

import sys
from collections.abc import Callable, Iterator

from tests.bench import hostile, imports, in_process, over_http, parsers, phone, simulate
from tests.bench.report import Figure

MEASURES: dict[str, Callable[[], Iterator[Figure]]] = {
    "answers": over_http.answers,
    "tail": over_http.tail,
    "sync": in_process.sync_of_5000,
    "queue": in_process.due_queue,
    "year": in_process.year_statistics,
    "bytes": in_process.bytes_a_review,
    "import": imports.imports_of_50_000,
    "hostile": hostile.hostile,
    "parsers": parsers.parsers,
    "start": over_http.first_answer_of_a_fresh_process,
    "simulate": simulate.a_year_in_two_languages,
    "phone": phone.phone,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(MEASURES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(MEASURES)}")  # noqa: T201
        return 2
    missed = 0
    for name in names or MEASURES:
        for figure in MEASURES[name]():
            print(figure, flush=True)  # noqa: T201
            missed += not figure.kept
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
