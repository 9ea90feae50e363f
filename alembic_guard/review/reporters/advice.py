"""What to write instead, taken apart into sentences and code."""

from __future__ import annotations

from ...record import frozen_record


@frozen_record
class Part:
    """A paragraph, or the lines of some code without their common margin."""

    text: str
    is_code: bool = False


def parts(help: str) -> list[Part]:
    """The parts of a finding's help, where code stands four columns in."""
    found: list[Part] = []
    for block in _blocks(help.splitlines()):
        is_code = block[0].startswith("    ")
        if is_code:
            text = "\n".join(line[4:] for line in block)
        else:
            text = " ".join(line.strip() for line in block)
        if is_code and found and found[-1].is_code:
            found[-1] = Part(f"{found[-1].text}\n\n{text}", is_code=True)
        else:
            found.append(Part(text, is_code))
    return found


def _blocks(lines: list[str]) -> list[list[str]]:
    """Lines that belong together: cut at empty lines, and where code begins or ends."""
    blocks: list[list[str]] = []
    fresh = True
    for line in lines:
        if not line.strip():
            fresh = True
            continue
        if fresh or line.startswith("    ") != blocks[-1][0].startswith("    "):
            blocks.append([])
        blocks[-1].append(line)
        fresh = False
    return blocks
