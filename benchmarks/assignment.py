"""500 dropped against 500 added columns in one table: how long the whole decision takes.

    python benchmarks/assignment.py [--columns 500] [--rounds 5]

Three shapes: names that share words with one partner, names that share no word at all, and
names that share a word with every other name, which leaves the densest search. The bar is a
second each. Exits 1 above it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

from alembic_guard.renames.decision import Rules, decide
from alembic_guard.renames.model import ColumnFacts, SchemaFacts, TableFacts

BAR_SECONDS = 1.0
TYPES = (("integer", "integer"), ("text", "string"), ("boolean", "boolean"))


def _table(names: list[str]) -> SchemaFacts:
    columns = tuple(
        ColumnFacts(name, *TYPES[number % len(TYPES)]) for number, name in enumerate(names)
    )
    return SchemaFacts((TableFacts(None, "wide", columns),))


def _word(seed: int) -> str:
    letters = random.Random(seed)
    return "".join(letters.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(7))


SHAPES: dict[str, Callable[[int], tuple[str, str]]] = {
    "one partner each": lambda n: (f"{_word(n)}_total", f"new_{_word(n)}_total"),
    "nothing shared": lambda n: (_word(n), _word(10_000 + n)),
    "all share words": lambda n: (f"customer_order_{n}", f"client_order_{n}"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--columns", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    worst = 0.0
    for title, shape in SHAPES.items():
        pairs = [shape(number) for number in range(arguments.columns)]
        before, after = _table([old for old, _ in pairs]), _table([new for _, new in pairs])
        times = []
        for _round in range(arguments.rounds):
            start = time.perf_counter()
            plan = decide(before, after, rules=Rules(level="likely"))
            times.append(time.perf_counter() - start)
        right = sum((rename.old, rename.new) in pairs for rename in plan.renames)
        worst = max(worst, statistics.median(times))
        print(
            f"{title:18} median {statistics.median(times):.3f} s; {right} of {len(pairs)} right, "
            f"{len(plan.renames) - right} wrong, {len(plan.questions)} questions"
        )
    return int(worst > BAR_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
