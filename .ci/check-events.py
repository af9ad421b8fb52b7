#!/usr/bin/env python3
"""Checks JSON lines on standard input against schemas/event.schema.json.

Needs the package `jsonschema`. Exits 1 at the first wrong line, or when the lines are no run: they
begin with `run-started` (sequence 0), or with `run-resumed` where a run is continued, and have one run
and sequences without a gap. The last line is `run-finished`, or one of a run that was left while
decisions are asked for (`run --no-wait`).
"""

import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parent.parent / "schemas" / "event.schema.json"


def misplaced(event: dict, first: dict, last: dict | None) -> str | None:
    """Says why `event`, which follows `last`, does not belong there."""
    kind, sequence = event["type"], event["sequence"]
    if last is None:
        if (kind == "run-started") != (sequence == 0) or kind not in ("run-started", "run-resumed"):
            return f"the first line is {kind}, sequence {sequence}"
        return None
    if event["run"] != first["run"]:
        return f"run {event['run']} after {first['run']}"
    if sequence != last["sequence"] + 1:
        return f"sequence {sequence} after {last['sequence']}"
    if last["type"] == "run-finished":
        return f"{kind} after run-finished"
    return None


def note_decision(event: dict, asked: set) -> None:
    """Keeps `asked` the steps that wait for a decision."""
    if event["type"] == "approval-requested":
        asked.add(event["step"])
    elif event["type"] in ("approval-decided", "attempt-failed", "work-ended", "step-finished"):
        asked.discard(event["step"])


def main() -> int:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    first = last = None
    count = 0
    asked = set()
    for count, line in enumerate(sys.stdin, start=1):
        try:
            event = json.loads(line)
        except ValueError as error:
            print(f"line {count}: no JSON: {error}", file=sys.stderr)
            return 1
        error = jsonschema.exceptions.best_match(validator.iter_errors(event))
        if error:
            print(f"line {count}: {error.json_path}: {error.message}", file=sys.stderr)
            return 1
        first = first or event
        problem = misplaced(event, first, last)
        if problem:
            print(f"line {count}: {problem}", file=sys.stderr)
            return 1
        note_decision(event, asked)
        last = event
    # Those that were asked for before a run was continued are not among its lines.
    waits = asked or first is not None and first["type"] == "run-resumed"
    if last is None or last["type"] != "run-finished" and not waits:
        found = last and last["type"]
        print(f"the last of {count} lines is {found}", file=sys.stderr)
        return 1
    print(f"{count} events")
    return 0


sys.exit(main())
