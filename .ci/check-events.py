#!/usr/bin/env python3
"""Checks JSON lines on standard input against schemas/event.schema.json.

Needs the package `jsonschema`. Exits 1 at the first wrong line, or when the lines are no whole run:
sequences count from 0 without a gap and the last line is `run-finished`.
"""

import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parent.parent / "schemas" / "event.schema.json"


def main() -> int:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    last = None
    count = 0
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
        if event["sequence"] != count - 1:
            print(f"line {count}: sequence {event['sequence']}", file=sys.stderr)
            return 1
        last = event["type"]
    if last != "run-finished":
        print(f"the last of {count} lines is {last}", file=sys.stderr)
        return 1
    print(f"{count} events")
    return 0


sys.exit(main())
