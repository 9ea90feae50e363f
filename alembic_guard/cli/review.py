"""``alembic-guard review``: what migrations do to data, locks and running code."""

from __future__ import annotations

import argparse
import os
import sys

TYPE_CHECKING = False  # `typing` takes 3 ms to import
if TYPE_CHECKING:
    from ..review.engine import Review
    from ..review.options import Options
    from ..review.reporters import Report

FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit", "markdown", "html")
DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite")


_WIDEST = 110
"""Columns of text: longer lines are hard to read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Paths first; everything else has a safe default."""
    add = parser.add_argument
    add(
        "paths", nargs="*", default=["."], metavar="PATH", help="revision files, or folders of them"
    )
    add("--dialect", choices=DIALECTS, default="", help="the database they run on")
    add("--server-version", default="", metavar="15", help="the server's version")
    add("--format", choices=FORMATS, default="text", help="how to report")
    add("--output", metavar="FILE", help="write the report here instead of stdout")
    add(
        "--select",
        action="append",
        default=[],
        metavar="CODE",
        help="also run this rule, or `opinions`",
    )
    add("--ignore", action="append", default=[], metavar="CODE", help="leave a rule out")
    add("--since", default="", metavar="REV", help="report only revisions after this one")
    add(
        "--diff-base",
        default="",
        metavar="REF",
        help="report only what changed since, e.g. origin/main",
    )
    add("--staged", action="store_true", help="report only staged revisions")
    add("--baseline", default="", metavar="FILE", help="leave out the findings recorded here")
    add("--write-baseline", default="", metavar="FILE", help="record all findings here, and exit 0")
    add("--code", default="", metavar="DIR", help="look here for code that uses names that go")
    add(
        "--record",
        action="store_true",
        help="run what reading leaves questions about, without a database",
    )
    add("--record-all", action="store_true", help="run every revision without a database")
    add("--plan", default="", metavar="DIR", help="write the safe revisions to use instead here")
    add(
        "--trace",
        default="",
        metavar="URL",
        help="run them on a scratch copy of this PostgreSQL schema",
    )
    add("--no-cache", action="store_true", help="neither read nor write the cache")
    add("--cache-dir", default="", metavar="DIR", help="where the cache is kept")


def run(args: argparse.Namespace) -> int:
    """Review, report, and exit 1 when there is an error or a warning."""
    cache = None
    if not args.no_cache and not _depends_on_more(args):
        from ..review.cache import Cache

        cache = Cache(args.cache_dir, args.paths, _key(args))
        known = cache.read()
        if known is not None:
            return _write(args, *known)
    text, code, files = _review(args)
    if cache is not None:
        cache.write(text, code, files)
    return _write(args, text, code)


def _depends_on_more(args: argparse.Namespace) -> bool:
    """Whether the report depends on git, on other code or on a database."""
    return bool(
        args.diff_base
        or args.staged
        or args.code
        or args.write_baseline
        or args.record
        or args.record_all
        or args.trace
        or args.plan
    )


def _key(args: argparse.Namespace) -> str:
    """Everything that decides what the report says, but the files."""
    names = sorted(set(vars(args)) - {"output", "cache_dir", "no_cache", "command"})
    terminal = _width() if sys.stdout.isatty() and not args.output else 0
    return repr([(name, getattr(args, name)) for name in names] + [terminal])


def _review(args: argparse.Namespace) -> tuple[str, int, list[str]]:
    """The report's text, the exit code and the files it came from."""
    import gc

    gc.disable()  # syntax trees hold no cycles, and looking for some takes a third of the time
    try:
        result, report = _recorded(args) if args.record or args.record_all else _read(args)
    finally:
        gc.freeze()  # nor is there any reason to look at them from now on
        gc.enable()
    if args.write_baseline:
        from pathlib import Path

        from ..review.baseline import write_baseline

        count = write_baseline(Path(args.write_baseline), report)
        return f"{count} finding(s) recorded in {args.write_baseline}.", 0, []
    counts = report.counts()
    code = 1 if counts["error"] or counts["warning"] else 0
    text = _rendered(args, result, report)
    if args.plan:
        text = f"{text}\n{_planned(args, result)}"
    if args.trace:
        text = f"{text}\n{_traced(args, result)}"
    return text, code, [r.path for r in result.history.revisions]


def _read(args: argparse.Namespace) -> tuple[Review, Report]:
    from ..review.session import run_review

    return run_review(_options(args))


def _recorded(args: argparse.Namespace) -> tuple[Review, Report]:
    from ..review.recorder.processes import RecorderProcess

    pages = args.format == "html"  # they show what each revision executes
    process = RecorderProcess() if args.record_all or pages else None
    from ..review.recorder.merge import SecondReader
    from ..review.session import run_review

    with SecondReader(process, with_sql=pages) as second:
        options = _options(args)
        result, report = run_review(options, second.begin)
        return second.complete(result, report, options)


def _options(args: argparse.Namespace) -> Options:
    from ..review.options import Options
    from ..settings import find_settings

    return Options(
        tuple(args.paths),
        args.dialect,
        args.server_version,
        tuple(args.select),
        tuple(args.ignore),
        args.since,
        args.diff_base,
        args.staged,
        args.baseline,
        args.code,
        find_settings(os.path.dirname(os.path.normpath(args.paths[0])) or "."),
    )


def _planned(args: argparse.Namespace, result: Review) -> str:
    """Write the plans for the findings, and say what to do with the files."""
    from ..review.plans import DIALECTS as planned_dialects
    from ..review.plans import plans_for, write
    from ..usage import UsageError

    if result.dialect not in planned_dialects:
        raise UsageError(f"--plan writes revisions for {', '.join(planned_dialects)} only")
    lines = []
    for plan in plans_for(result):
        lines += [f"planned: {path}" for path in write(plan.revisions, args.plan)]
        last, name = plan.revisions[-1].id, plan.revision.id
        lines.append(
            f"  They take the place of {plan.revision.path}: delete it, and let what follows {name} follow {last}."
        )
        if plan.left:
            numbers = ", ".join(map(str, plan.left))
            lines.append(
                f"  Line(s) {numbers} of it are not in the plan: keep them in a revision of their own."
            )
    return "\n".join(lines) or "There is nothing to plan."


def _traced(args: argparse.Namespace, result: Review) -> str:
    """What each statement locked and rewrote, as lines below a text report."""
    from sqlalchemy.engine import make_url

    from ..review.trace import trace_revisions
    from ..review.trace.run import described
    from ..usage import UsageError

    url = make_url(args.trace)
    if url.get_backend_name() != "postgresql":
        raise UsageError("--trace needs the URL of a PostgreSQL database")
    if args.format != "text":
        raise UsageError("--trace reports as text")
    paths = [r.path for r in result.history.revisions if r.error is None]
    return "\n".join(described(trace_revisions(url, result.history, paths)))


def _rendered(args: argparse.Namespace, result: Review, report: Report) -> str:
    from ..record import replace
    from ..review.reporters import render

    if args.format == "html":
        from ..review.pages import revision_pages

        shown = {f.location.path for f in report.findings} or {
            r.path for r in result.history.revisions
        }
        pages = revision_pages(result.history, shown, report.extra.get("sql"))
        report = replace(report, extra={**report.extra, "revisions": pages})
    if args.format == "text" and not args.output and sys.stdout.isatty():
        from ..review.reporters.text import render_for_terminal

        return _coloured(render_for_terminal(report, _width()))
    return render(args.format, report)


def _width() -> int:
    """Columns to lay text out in."""
    import shutil

    return min(shutil.get_terminal_size().columns, _WIDEST)


def _coloured(text: str) -> str:
    """With rich, when it is installed: severities in colour."""
    try:
        from io import StringIO

        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return text
    styled = Text(text)
    styled.highlight_regex(r"(?m)^\S+:\d+: error .*$", "bold red")
    styled.highlight_regex(r"(?m)^\S+:\d+: warning .*$", "bold yellow")
    styled.highlight_regex(r"(?m)^\S+:\d+: note .*$", "bold blue")
    console = Console(file=StringIO(), force_terminal=True, width=200)
    with console.capture() as capture:
        console.print(styled, soft_wrap=True)
    return capture.get().rstrip("\n")


def _write(args: argparse.Namespace, text: str, code: int) -> int:
    if args.output:
        with open(args.output, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    else:
        sys.stdout.write(text + "\n")
    return code
