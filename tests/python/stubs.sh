#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# usage: stubs.sh PYTHON PACKAGE SITE: mypy accepts the stubs, the examples and right programs, finds the faults of wrong ones, and stubtest
# finds that stubs and modules agree.
set -euo pipefail
python=$1 package=$2 site=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
die() { printf '%s\n' "$*" >&2; exit 1; }
if ! "$python" -c 'import mypy' 2>/dev/null; then echo "mypy is not here"; exit 77; fi
export MYPY_CACHE_DIR=$work/cache
mypy() { "$python" -m mypy --strict --python-version 3.11 "$@"; }

cp -r "$package/src/pixfer" "$work/pixfer"
cd "$work"
rm pixfer/__init__.py # the stub speaks for it
mypy pixfer
cat >right.py <<'PY'
import logging
from fractions import Fraction
from pathlib import Path

import pixfer

frame: pixfer.Frame = pixfer.rgba_to_nv12(bytes(16), width=2, height=2)
y, uv = frame.planes
data: bytearray = pixfer.convert(bytes(16), "rgba", "nv12", bytearray(6), width=2, height=2)
for matrix in pixfer.MATRICES:
    for dst in pixfer.DESTINATION_FORMATS:
        with pixfer.Converter("bgra", dst, 2, 2, matrix=matrix, range="full", log=logging.getLogger("pixfer").log) as converter:
            frames: list[pixfer.Frame] = converter.convert_batch([bytes(16)])
            name: str = converter.info.isa


def progress(p: pixfer.Progress) -> None:
    print(p.frames + 1, p.stage.upper())


try:
    with pixfer.Exporter(Path("out.mp4"), 2, 2, Fraction(30000, 1001), metadata={"title": "x"}, progress=progress, crf=18) as out:
        out.push(frame, 3)
        taken: bool = out.try_push(bytes(16), pts=4)
    report: pixfer.Report | None = out.report
except (pixfer.OutputError, pixfer.CancelledError) as error:
    error.errno if isinstance(error, OSError) else None
PY
mypy right.py
# Each line of these is one fault.
cat >wrong.py <<'PY'
import pixfer

pixfer.Converter("rgba", "nv13", 2, 2)
pixfer.Converter("rgba", "nv12", "2", 2)
pixfer.Converter("rgba", "nv12", 2, 2, "bt709")
pixfer.Converter("rgba", "nv12", 2, 2, siting="right")
pixfer.rgba_to_nv12(bytes(16)).shape
pixfer.Frame("nv12", 2)
pixfer.Exporter("out.mp4", 2, 2)
pixfer.Exporter("out.mp4", 2, 2, 30, format="nv24")
pixfer.Exporter("out.mp4", 2, 2, 30).push(b"", 1.5)
pixfer.Exporter("out.mp4", 2, 2, 30).finish().frame
x: bytearray = pixfer.convert(b"", "rgba", "nv12")


class Sub(pixfer.Converter): ...
PY
mypy wrong.py >found.txt && die "mypy found nothing wrong in wrong.py"
lines=$(sed -n 's/^wrong.py:\([0-9]*\): error.*/\1/p' found.txt | sort -nu | xargs)
[ "$lines" = "3 4 5 6 7 8 9 10 11 12 13 16" ] || { cat found.txt; die "mypy found faults in lines $lines of wrong.py"; }
mypy --allow-untyped-calls --ignore-missing-imports --allow-untyped-defs "$package/examples/numpy_to_mp4.py"

# What is there only from Python 3.12 on, or made by the type itself.
cat >allowed.txt <<'TXT'
pixfer.Frame.__buffer__
pixfer.Frame.__bytes__
pixfer._core
pixfer._exporter
pixfer._types
TXT
unset MYPYPATH
MYPYPATH=$work PYTHONPATH=$site "$python" -m mypy.stubtest pixfer --allowlist allowed.txt --ignore-unused-allowlist
