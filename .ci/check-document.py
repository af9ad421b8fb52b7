"""Checks the JSON on standard input, one document or one per line, against the schema named."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    validator = Draft202012Validator(json.load(file))
text = sys.stdin.read()
try:
    documents = [json.loads(text)]
except json.JSONDecodeError:
    documents = [json.loads(line) for line in text.splitlines()]
assert documents, "there is nothing to check"
for document in documents:
    validator.validate(document)
print(f"{len(documents)} valid against {sys.argv[1]}")
