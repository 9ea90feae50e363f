"""`names` over a thousand model files against `ast.parse` alone, each in a cold process.

Run: ``python benchmarks/names.py [FILES] [ROUNDS]``. Prints the medians of processor time and
of the rounds' ratios. The time of `names` includes importing the command; that of starting the
interpreter is in neither.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = '''\
"""Models of area {n}."""

from __future__ import annotations

import datetime
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy import JSON, Column, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.base import Base, Stamped


class Customer{n}(Stamped, Base):
    """A customer."""

    __tablename__ = "customers_{n}"
    __table_args__ = (Index("ix_customers_{n}_email", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[Optional[str]]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    orders: Mapped[list[Order{n}]] = relationship(back_populates="customer")

    def greeting(self) -> str:
        """What to print on an invoice."""
        if self.name is None:
            return "Dear customer"
        return f"Dear {{self.name}}"

    @property
    def has_orders(self) -> bool:
        return any(order.total > 0 for order in self.orders)


class Order{n}(Stamped, Base):
    """An order."""

    __tablename__ = "orders_{n}"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_{n}.id"))
    placed: Mapped[datetime.datetime]
    total = Column(sa.Numeric(10, 2), nullable=False)
    state: Mapped[str] = mapped_column(String(20), index=True)
    {extra}
    customer: Mapped[Customer{n}] = relationship(back_populates="orders")

    def age(self, now: datetime.datetime) -> int:
        """Days since it was placed."""
        days = (now - self.placed).days
        return max(days, 0)
'''
PARSE = """
import ast, pathlib, sys, time
start = time.process_time()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    ast.parse(path.read_text(encoding="utf-8"))
print(time.process_time() - start)
"""
NAMES = """
import contextlib, io, sys, time
start = time.process_time()
from alembic_guard.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["names", sys.argv[1]])
print(time.process_time() - start)
"""


def main() -> None:
    """Write the files, run both programs in turn, print medians."""
    files, rounds = (int(text) for text in [*sys.argv[1:], "1000", "7"][:2])
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), files)
        times: dict[str, list[float]] = {"ast.parse": [], "names": []}
        for _ in range(rounds):
            times["ast.parse"].append(_run(PARSE, folder))
            times["names"].append(_run(NAMES, folder))
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = statistics.median(
        ours / bare for ours, bare in zip(times["names"], times["ast.parse"], strict=True)
    )
    print(f"{files} model files, {rounds} rounds")
    for name, value in medians.items():
        print(f"  {name:10} {value * 1000:8.0f} ms")
    print(f"  ratio      {ratio:8.2f} (bar: 2.00)")


def _write(folder: Path, files: int) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "base.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase, Mapped\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\nclass Stamped:\n    created: Mapped[int]\n"
    )
    for number in range(files):
        extra = "metadata: Mapped[str]" if number % 100 == 0 else "note: Mapped[str]"
        text = MODEL.format(n=number, extra=extra)
        (folder / "shop" / f"models_{number}.py").write_text(text)


def _run(program: str, folder: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", program, folder], check=True, capture_output=True, text=True
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
