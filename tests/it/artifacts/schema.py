"""Validates specs by a JSON Schema of draft 7: SCHEMA SPEC…; prints a line for each that is wrong: SPEC, and where."""

import json
import sys
import tomllib

from jsonschema import Draft7Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft7Validator.check_schema(schema)
validator = Draft7Validator(schema)
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        spec = tomllib.load(file)
    for error in sorted(validator.iter_errors(spec), key=str):
        print(path, "/".join(str(part) for part in error.absolute_path), error.message[:120])
