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
case $out in /*) ;; *) out=$PWD/$out ;; esac
clang=${CLANG:-clang}

command -v "$clang" >/dev/null || { echo "$0: found no $clang, expected a clang that knows wasm32-wasi" >&2; exit 1; }
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
cd "$root"

# compile FOLDER OPTION FILE...
compile() {
    mkdir "$objects/$1"
    to=$objects/$1 option=$2
    shift 2
    for file; do
        # shellcheck disable=SC2086
        "$clang" --target=wasm32-wasi ${WASI_SYSROOT:+--sysroot="$WASI_SYSROOT"} -msimd128 "$option" -DNDEBUG -DPIXFER_WITHOUT_LIGHT -Wall -Wextra \
            -Werror -ffunction-sections -fdata-sections "-ffile-prefix-map=$root=." -Iinclude -c "$file" -o "$to/$(basename "$file").o"
    done
}

# Size counts here: in the kernels -Os costs 3 % of the speed and saves a quarter of the module (without inlining it would be less yet, and C five times as
# slow); what runs once for a converter is smaller with -Oz. Sources in linear light, which nothing here hands over, would be a third more.
# The linker is called without an -O: with one, clang hands the module to a wasm-opt that happens to be installed, whose version may not know its
# vectors.
compile kernels -Os src/kernels/*.c src/kernels/*/*.c
compile others -Oz $(find src -name '*.c' ! -path 'src/kernels/*' ! -path 'src/exporter/*' ! -path 'src/backends/swscale/swscale_backend.c' | sort) \
    "$here/src/shim.c"
# shellcheck disable=SC2086
"$clang" --target=wasm32-wasi ${WASI_SYSROOT:+--sysroot="$WASI_SYSROOT"} -mexec-model=reactor "$objects"/*/*.o \
    -Wl,--gc-sections -Wl,--strip-all -lc-printscan-no-floating-point -o "$out.part"
mv "$out.part" "$out"
