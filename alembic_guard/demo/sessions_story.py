"""The *sessions* story: a reserved name, and a column renamed under a running application."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from .claims import Claims, Tell
from .load import Load
from .rows import SEEDED, checksum, column_names, missing_writes, seed
from .stage import Project, Stage

PHASE_REQUESTS = 400


def play(stage: Stage, claims: Claims, tell: Tell) -> None:
    """Play it plainly, then guarded, and settle what each costs."""
    tell("\nThe sessions story, 1: the name")
    _spot(stage, claims, tell)
    tell("\nThe sessions story, 2: what plain Alembic does under load")
    _play_plain(stage, claims, tell)
    tell("\nThe sessions story, 3: the same change, guarded")
    _play_guarded(stage, claims, tell)


def _spot(stage: Stage, claims: Claims, tell: Tell) -> None:
    """`names` finds the attribute in source that SQLAlchemy 2.0 cannot even import."""
    project = stage.copy("sessions", "names", stage.database("names"))
    found = project.run("alembic_guard", "names", "models_reserved.py")
    tell(_indented(found.stdout))
    named = re.search(r"models_reserved\.py:15", found.stdout) is not None
    claims.settle("`alembic-guard names` finds `metadata` with its line", named, "line 15")


def _play_plain(stage: Stage, claims: Claims, tell: Tell) -> None:
    project = _deployed(stage, "plain", guarded=False)
    _, before = checksum(project.database)
    service = project.serve("app:app", project.database)
    with Load(service.port, _request) as load:
        load.wait_for(PHASE_REQUESTS)
        failed_before = load.tally.failed
        tell(_indented(_plan(project)))
        project.alembic("upgrade", "head")
        load.wait_for(PHASE_REQUESTS)
    kept, after = checksum(project.database)
    service.stop()
    tell(f"  {load.tally.failed} of {load.tally.sent} requests failed: {load.tally.first_failure}")
    claims.settle("plain Alembic loses the data", after != before, f"{SEEDED - kept} rows")
    failed = load.tally.failed - failed_before
    claims.settle("the running application fails until it is restarted", failed > 0, failed)


def _play_guarded(stage: Stage, claims: Claims, tell: Tell) -> None:
    project = _deployed(stage, "guarded", guarded=True)
    _, before = checksum(project.database)
    service = project.serve("guarded_app:app", project.database)
    with Load(service.port, _request) as load:
        load.wait_for(PHASE_REQUESTS)
        plan = _plan(project)
        tell(_indented(plan))
        tell(_indented(project.alembic("upgrade", "head")))
        load.wait_for(PHASE_REQUESTS)
        renamed = column_names(project.database)
        kept, after = checksum(project.database)
        tell("  and back:")
        project.alembic("downgrade", "-1")
        load.wait_for(PHASE_REQUESTS)
    restored = column_names(project.database)
    tally = load.tally
    claims.settle(
        "one rename is planned, nothing dropped",
        'op.rename_column("sessions", "metadata", "session_metadata"' in plan.replace("'", '"')
        and "drop_column" not in plan,
        "op.rename_column",
    )
    claims.settle("the column is renamed", "session_metadata" in renamed, ", ".join(renamed))
    claims.settle("no row lost", kept == SEEDED and after == before, f"{kept} rows, {after}")
    lost = missing_writes(project.database, tally.written)
    claims.settle("no acknowledged write lost", lost == 0, f"{lost} of {len(tally.written)}")
    claims.settle("the downgrade restores both", "metadata" in restored, ", ".join(restored))
    claims.settle("the rows are the same again", checksum(project.database)[1] == before, before)
    enough = tally.sent >= 1000
    figure = f"{tally.failed} of {tally.sent} {tally.first_failure}".strip()
    claims.settle("no request failed, of at least 1,000", tally.failed == 0 and enough, figure)
    claims.settle("no restart", service.process.poll() is None, f"pid {service.process.pid}")
    tell(f"  longest wait of any request: {tally.longest * 1000:.0f} ms")
    service.stop()
    project.alembic("upgrade", "head")
    project.alembic("check")
    claims.settle("the next autogenerate is empty", True, "alembic check")


def _deployed(stage: Stage, name: str, *, guarded: bool) -> Project:
    """The application as it runs in production, its database seeded."""
    project = stage.project("sessions", name, stage.database(name), guarded=guarded)
    _use_models(project.folder, "models_before.py")
    project.alembic("upgrade", "head")
    seed(project.database)
    return project


def _use_models(folder: Path, name: str) -> None:
    shutil.copy(folder / name, folder / "models.py")


def _plan(project: Project) -> str:
    """Change the model as the team does, and let autogenerate write the revision."""
    _use_models(project.folder, "models_after.py")
    versions = project.folder / "migrations" / "versions"
    before = set(versions.glob("*.py"))
    project.alembic("revision", "--autogenerate", "-m", "Rename metadata")
    (revision,) = set(versions.glob("*.py")) - before
    return revision.read_text()[revision.read_text().index("def upgrade") :]


def _request(number: int) -> tuple[str, str]:
    if number % 10 == 0:
        return "POST", f"/sessions?note=n{number}"
    if number % 10 == 1:
        return "GET", "/sessions?channel=web"
    return "GET", f"/sessions/{number * 7 % SEEDED + 1}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
