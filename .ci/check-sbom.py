"""Checks software bills of materials against the schema of CycloneDX 1.6, and that each part is named once."""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

validator = JsonStrictValidator(SchemaVersion.V1_6)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    error = validator.validate_str(text)
    if error is not None:
        sys.exit(f"{path}: {error}")
    document = json.loads(text)
    references = [part["bom-ref"] for part in document["components"]]
    assert len(references) == len(set(references)), "a part is named twice"
    needed = {name for entry in document["dependencies"] for name in entry.get("dependsOn", [])}
    assert needed == set(references), "parts and dependencies differ"
    print(f"{path}: valid, {len(references)} parts")
