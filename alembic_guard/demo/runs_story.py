"""The *runs* story: the application answers "no such column" because it uses another database."""

from __future__ import annotations

import time

from .claims import Claims, Tell
from .stage import Answer, Service, Stage

HEAL_SECONDS = 10.0


def play(stage: Stage, claims: Claims, tell: Tell) -> None:
    """The wrong database, plainly and guarded; then the same error where waiting is right."""
    migrated, other = stage.database("migrated"), stage.database("other")
    plain = stage.project("runs", "runs-plain", other, guarded=False)
    plain.alembic("upgrade", "0001")
    plain.use_database(migrated)
    plain.alembic("upgrade", "head")
    tell("\nThe runs story, 1: alembic upgraded one database, the application uses another")
    service = plain.serve("app:app", other)
    answer = service.get("/runs")
    service.stop()
    cors = "access-control-allow-origin" in answer.headers
    claims.settle(
        "plainly it is a 500 without CORS headers", answer.status == 500 and not cors, answer.status
    )
    _play_wrong_database(stage, claims, tell)
    _play_stale(stage, claims, tell)


def _play_wrong_database(stage: Stage, claims: Claims, tell: Tell) -> None:
    migrated, other = stage.database("guarded-migrated"), stage.database("guarded-other")
    project = stage.project("runs", "runs-guarded", other, guarded=True)
    project.alembic("upgrade", "0001")
    project.use_database(migrated)
    project.alembic("upgrade", "head")
    service = project.serve("guarded_app:app", other)
    ready, answer = service.get("/ready"), service.get("/runs")
    service.stop()
    said = " ".join(service.log.read_text().split())
    names = [str(migrated.database), str(other.database)]
    tell("    " + _line_with(service, names))
    claims.settle("the application names both databases at start", _has(said, names), "one line")
    claims.settle("readiness says so", ready.status == 503, f"{ready.status}")
    cors = "access-control-allow-origin" in answer.headers
    claims.settle(
        "requests get a 503 that keeps its CORS headers",
        answer.status == 503 and cors,
        answer.status,
    )
    url = other.render_as_string(hide_password=False)
    doctor = project.run(
        "alembic_guard", "doctor", "--config", "alembic.ini", "--database-url", url
    )
    tell("\n".join(f"    {line}" for line in doctor.stdout.strip().splitlines()))
    both = doctor.returncode == 1 and _has(doctor.stdout, names)
    claims.settle(
        "`alembic-guard doctor` names both and exits 1", both, f"exit {doctor.returncode}"
    )


def _play_stale(stage: Stage, claims: Claims, tell: Tell) -> None:
    tell("\nThe runs story, 2: the right database, the migration is still to come")
    database = stage.database("late")
    project = stage.project("runs", "runs-late", database, guarded=True)
    project.alembic("upgrade", "0001")
    service = project.serve("guarded_app:app", database)
    early = service.get("/runs")
    claims.settle("the application answers before the migration", early.status == 200, early.status)
    project.alembic("upgrade", "head")
    late = _until_ok(service)
    claims.settle(
        "and uses the column after it, without a restart", late.status == 200, late.status
    )
    runs = service.get("/runs")
    claims.settle("what it writes there is read back", '"chat":"c1"' in runs.text, runs.text[-60:])
    service.stop()


def _until_ok(service: Service) -> Answer:
    deadline = time.monotonic() + HEAL_SECONDS
    answer = service.get("/runs?chat=c1", method="POST")
    while answer.status != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = service.get("/runs?chat=c1", method="POST")
    return answer


def _has(text: str, names: list[str]) -> bool:
    return all(name in text for name in names)


def _line_with(service: Service, names: list[str]) -> str:
    lines = service.log.read_text().splitlines()
    return next((line for line in lines if _has(line, names)), "(nothing was said)")
