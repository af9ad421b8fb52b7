"""Checks that each JUnit report named is valid against the schema that Jenkins publishes."""

import pathlib
import sys

import xmlschema

schema = xmlschema.XMLSchema(str(pathlib.Path(__file__).with_name("junit-10.xsd")))
for path in sys.argv[1:]:
    schema.validate(path)
    print(f"{path}: ok")
