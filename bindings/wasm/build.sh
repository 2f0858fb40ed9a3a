#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# build.sh [OUT]: the library's core for WebAssembly, pixfer.wasm beside this script. Needs clang, wasm-ld and wasi-libc; Debian has
# them as clang, lld, wasi-libc and libclang-rt-14-dev-wasm32. $CLANG names another compiler, $WASI_SYSROOT another libc.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${1:-$here/pixfer.wasm}
clang=${CLANG:-clang}

command -v "$clang" >/dev/null || { echo "$0: found no $clang, expected a clang that knows wasm32-wasi" >&2; exit 1; }
cd "$root"
# Size counts here: -Os costs the kernels 3 % and saves a quarter of the module (without inlining it would be less yet, and C five times as slow); sources in
# linear light, which nothing here hands over, would be a third more.
# shellcheck disable=SC2086
"$clang" --target=wasm32-wasi ${WASI_SYSROOT:+--sysroot="$WASI_SYSROOT"} -mexec-model=reactor -msimd128 -Os -DNDEBUG -DPIXFER_WITHOUT_LIGHT -Wall -Wextra -Werror \
    -ffunction-sections -fdata-sections "-ffile-prefix-map=$root=." -Iinclude \
    $(find src -name '*.c' ! -path 'src/exporter/*' ! -path 'src/backends/swscale/swscale_backend.c' | sort) "$here/src/shim.c" \
    -Wl,--gc-sections -Wl,--strip-all -lc-printscan-no-floating-point -o "$out.part"
mv "$out.part" "$out"
