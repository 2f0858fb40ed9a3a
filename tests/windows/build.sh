#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# build.sh SOURCE: the library, the tool and the tests for Windows.

set -euo pipefail
for tool in clang wine x86_64-w64-mingw32-gcc-win32 nasm ninja zip; do
    command -v $tool >/dev/null || { echo "found no $tool"; exit 77; }
done
"$1/scripts/windows" build -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
