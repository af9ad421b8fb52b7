"""Figures that are kept: those of the last `Benchmarks/all`, and those that were recorded."""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

import measuring

LATEST = measuring.ROOT / ".build" / "benchmarks.json"
RECORDED = measuring.FOLDER / "figures.json"
TOLERANCE = 0.10  # what a figure may move by before it is printed


def machine():
    """The processor, how many of it there are, and the system."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return (
        f"{os.cpu_count()} × {model[1].strip() if model else platform.machine()}, "
        f"{int(memory[1]) / 1048576:.0f} GiB, {platform.system()} {platform.release()}"
    )


def commit():
    """The commit that was measured, marked where files differ from it."""
    words = ["git", "-C", measuring.ROOT, "describe", "--always", "--dirty", "--exclude", "*"]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


class Record:
    """Figures by name, each with value, unit and aim; and where, when and of what they were measured."""

    def __init__(self, about, figures):
        self.about, self.figures = about, figures

    @classmethod
    def now(cls, figures):
        date = datetime.date.today().isoformat()
        about = {"machine": machine(), "date": date, "commit": commit()}
        return cls(about, {figure.name: figure.record for figure in figures})

    @classmethod
    def load(cls, path):
        """The record of a file; None where there is none."""
        if not path.exists():
            return None
        content = json.loads(path.read_text())
        return cls(
            {name: content[name] for name in ("machine", "date", "commit")}, content["figures"]
        )

    def save(self, path):
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps(self.about | {"figures": self.figures}, indent=1, ensure_ascii=False) + "\n"
        )


def compare(before, after):
    """Prints what moved since a record was made."""
    if before is None:
        return print("\nNothing is recorded yet: Benchmarks/figures --record")
    print(f"\nSince {before.about['date']} ({before.about['commit']}, {before.about['machine']}):")
    moved = 0
    for name, figure in after.figures.items():
        earlier = before.figures.get(name)
        if earlier is None or not earlier["value"]:
            continue
        change = figure["value"] / earlier["value"] - 1
        if abs(change) > TOLERANCE:
            moved += 1
            texts = (measuring.number(one["value"]) for one in (earlier, figure))
            print(f"  {name:<70} {' → '.join(texts):>22} {figure['unit']:<5} {change:+.0%}")
    if not moved:
        print(f"  nothing moved by more than {TOLERANCE:.0%}")
