"""What CPU time `import alembic` costs with alembic_guard installed, against without, paired.

Run: python benchmarks/import_cost.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys

COMMON = (
    "import sys, time, sqlalchemy, sqlalchemy.orm, importlib.metadata as m\n"
    "real = m.entry_points\n"
    "m.entry_points = lambda **kw: [e for e in real(**kw) if KEEP or 'guard' not in e.name]\n"
    "t = time.process_time()\nimport alembic, alembic.autogenerate\n"
    "print(time.process_time() - t)"
)
WITH, WITHOUT = f"KEEP = True\n{COMMON}", f"KEEP = False\n{COMMON}"


def seconds(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds(WITH), seconds(WITHOUT)
    pairs = [(seconds(WITH), seconds(WITHOUT)) for _ in range(rounds)]
    guarded, plain = (statistics.median(side) for side in zip(*pairs, strict=True))
    difference = statistics.median(one - other for one, other in pairs)
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"import alembic: {guarded * 1000:.1f} ms with, {plain * 1000:.1f} ms without")
    print(f"median difference {difference * 1000:.1f} ms, ratio {ratio:.3f} ({rounds} pairs)")


if __name__ == "__main__":
    main()
