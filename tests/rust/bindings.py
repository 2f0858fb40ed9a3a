# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""usage: bindings.py COMMITTED FRESH: whether what the committed bindings state is so in those just made from the headers.

Within a minor version declarations are added and structures grow at their end (doc/api-stability.md), so bindings that lack
something are not wrong: that is told. A declaration that is gone or differs is an error.
"""
import pathlib
import re
import sys


def facts(path):
    text = re.sub(r'#\[doc = "(?:[^"\\]|\\.)*"\]', " ", path.read_text())
    text = re.sub(r"\s+", " ", text)
    found = {}
    for name, kind, value in re.findall(r"pub const (\w+): (\w+) = (-?\w+);", text):
        found["const " + name] = kind + " " + value
    for name, value in re.findall(r"pub type (\w+) = (.*?);", text):
        found["type " + name] = value.replace(" ", "")
    for name, value in re.findall(r"pub fn (\w+)(\(.*?);", text):
        found["function " + name] = re.sub(r",?\s", "", value)
    for value, struct, member in re.findall(
            r'(\d+)usize, concat!\( "Offset of field: ", stringify!\((\w+)\), "::", stringify!\((\w+)\)', text):
        found[f"offset of {struct}.{member}"] = value
    for value, struct in re.findall(r'(\d+)usize, concat!\("Size of: ", stringify!\((\w+)\)\)', text):
        found["size of " + struct] = value
    for struct, members in re.findall(r"pub struct (\w+) \{(.*?)\}", text):
        for member, kind in re.findall(r"pub (\w+): (.*?)(?:,(?= pub| $)|$)", members):
            found[f"type of {struct}.{member}"] = kind.replace(" ", "")
    return found


failed = False
for name in ("bindings.rs", "exporter.rs"):
    committed, fresh = (facts(pathlib.Path(folder) / name) for folder in sys.argv[1:3])
    if len(committed) < 100:
        sys.exit(f"{name}: {len(committed)} facts found, expected more: the layout of bindgen's output is another")
    for fact, value in committed.items():
        new = fresh.get(fact)
        grown = fact.startswith("size of") and f"offset of {fact[8:]}.struct_size" in committed
        if new != value and not (grown and new and int(new) >= int(value)):
            failed = True
            print(f"{name}: {fact} is {value}, expected {new}: run bindings/rust/pixfer-sys/bindgen.sh")
    lacking = [fact for fact in fresh if fact not in committed and not fact.startswith("type of")]
    if lacking:
        print(f"# {name} lacks what is new in the headers (run bindings/rust/pixfer-sys/bindgen.sh): " + ", ".join(lacking))
    print(f"# {name}: {len(committed)} facts")
sys.exit(failed)
