"""Checks the JSON on standard input against the schema named."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    Draft202012Validator(json.load(file)).validate(json.load(sys.stdin))
print(f"what was printed fits {sys.argv[1]}")
