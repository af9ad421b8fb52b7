"""Checks that each file named is a valid JSON Schema (2020-12)."""

import json
import sys

from jsonschema import Draft202012Validator

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        Draft202012Validator.check_schema(json.load(file))
    print(f"{path}: ok")
