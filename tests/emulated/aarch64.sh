#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# aarch64.sh BUILD-FOLDER [CMAKE]: cross-builds the core and its tests for 64-bit ARM and runs rungs a and b under qemu-aarch64.

set -eu
build=${1:?usage: aarch64.sh BUILD-FOLDER [CMAKE]}
cmake=${2:-cmake}
source=$(cd "$(dirname "$0")/../.." && pwd)

"$cmake" -S "$source" -B "$build" -DCMAKE_TOOLCHAIN_FILE="$source/cmake/toolchain-aarch64.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DPIXFER_EXPORTER=OFF -DPIXFER_SWSCALE=OFF -DPIXFER_TOOL=OFF -DPIXFER_JSON=OFF \
    -DPIXFER_QUALITY=OFF -DPIXFER_CMOCKA=OFF >/dev/null
"$cmake" --build "$build" --parallel 2 --target pins checkasm test_blocks test_colours test_deep test_oracle

run() {
    echo "+ $*"
    qemu-aarch64 -L /usr/aarch64-linux-gnu "$@"
}
cd "$build/tests"
run checkasm/pins neon c
run checkasm/checkasm --step 11
run oracle/test_oracle
run oracle/test_blocks --step 24
run oracle/test_deep --step 200
run oracle/test_colours --step 200 --c-step 8
