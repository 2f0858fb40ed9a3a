# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""SOURCE-DIR: every member of the parameters of exporter.h and convert.h is set by every binding that has the structure, or stands below with the reason why not.

A member that is new, and one that is forgotten, is a line here and a failure.
"""

import re
import sys
from pathlib import Path

root = Path(sys.argv[1])

# Members that a binding does not set by their name, and why.
EVERYWHERE = {"struct_size": "set by the macro"}
LIGHT = dict.fromkeys(("mastering_display", "max_cll", "max_fall", "measure_light"), "to be offered: so far by the tool and in C")
LINEAR = dict.fromkeys(
    ("src_primaries", "dst_primaries", "src_transfer", "dst_transfer", "tone_mapping", "src_white", "src_peak", "dst_peak", "sdr_white"),
    "linear light: so far in C",
)
EXCEPT = {
    ("python", "pixfer_exporter_params"): LIGHT,
    ("node", "pixfer_exporter_params"): LIGHT,
    ("python", "pixfer_converter_params"): {
        **LINEAR,
        "rows_read_later": "a hint for queues of the library's own",
        "unchecked": "only for backends without exactness",
    },
    ("node", "pixfer_converter_params"): {
        **LINEAR,
        "backend": "AUTO, which is the processor in prebuilt modules",
        "rows_read_later": "convert_rows is not offered",
        "unchecked": "only for backends without exactness",
    },
    ("rust", "pixfer_converter_params"): LINEAR,
    ("rust", "pixfer_exporter_params"): {
        **LIGHT,
        "error": "the line of the log says the same",
        "error_size": "as error",
    },
}
SOURCES = {
    "rust": ("bindings/rust/pixfer/src", "*.rs"),
    "python": ("bindings/python/native", "*.c"),
    "node": ("bindings/node/src", "*.c"),
}
# An assignment, also of a part and in a tuple; a value in an initialiser; an address to be filled.
ASSIGNED = {
    "*.rs": r"\braw\.NAME(\.\w+)?(\)? = |, raw\.|, self\.raw\.)|^ {8,}NAME(: .*)?,$",
    "*.c": r"&(p->|params\.|params->)NAME\b|\b(p->|params\.|params->)NAME(\.\w+)? = |[({\s]\.NAME = ",
}


def members(header, structure):
    text = re.sub(r"/\*.*?\*/", "", (root / "include/pixfer" / header).read_text(), flags=re.S)
    body = re.search(r"struct %s \{(.*?)\n\};" % structure, text, re.S).group(1)
    names = []
    for declaration in body.split(";"):
        if declaration.strip():
            names += [re.search(r"(\w+)\s*(\[\w*\])?\s*$", part).group(1) for part in declaration.split(",")]
    return names


failed = []
for header, structure in (("exporter.h", "pixfer_exporter_params"), ("convert.h", "pixfer_converter_params")):
    names = members(header, structure)
    if len(names) < 10 or "width" not in names or "log_opaque" not in names:
        sys.exit(f"{header}: struct {structure} was not understood: {names}")
    for language, (folder, pattern) in SOURCES.items():
        files = sorted((root / folder).rglob(pattern))
        # What handles the one structure alone; an exporter's files say nothing of a converter.
        exporter = structure == "pixfer_exporter_params"
        text = "\n".join(file.read_text() for file in files if exporter == ("exporter" in str(file.relative_to(root / folder))))
        excused = {**EVERYWHERE, **EXCEPT.get((language, structure), {})}
        for name in names:
            found = re.search(ASSIGNED[pattern].replace("NAME", name), text, re.M)
            if not found and name not in excused:
                failed.append(f"{structure}.{name} cannot be set in {language}")
            if found and name in excused and name not in EVERYWHERE:
                failed.append(f"{structure}.{name} can be set in {language}: take it off the list in tests/api/parameters.py")
for line in failed:
    print(line)
sys.exit(bool(failed))
