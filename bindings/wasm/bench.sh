#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# usage: bench.sh [LIBYUV]
#
# The tables of bench.js: node, headless Chromium where there is one, and the native module of bindings/node where it can be built. LIBYUV is a
# folder with libyuv's sources, which are compiled to WebAssembly beside pixfer's; nothing is written outside a temporary folder. Wants a
# quiet machine, clang with wasi-libc, node, and for Chromium `npm install` here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
clang=${CLANG:-clang}
cp "$here/index.js" "$here/bench.js" "$here/package.json" "$work"
[ ! -d "$here/node_modules" ] || ln -s "$here/node_modules" "$work/node_modules"
"$here/build.sh" "$work/pixfer.wasm"

if [ -n "${1:-}" ]; then
    # All of it that is not another processor's; it has no kernels of its own for WebAssembly, so the compiler vectorises its C.
    for source in "$1"/source/*.cc; do
        case $source in *_gcc.cc | *_win.cc | *_neon*.cc | *_sve.cc | *_sme.cc | *_lsx.cc | *_lasx.cc | *_msa.cc | *_rvv.cc | *mjpeg* | *_jpeg.cc) continue ;; esac
        "$clang" --target=wasm32-wasi -x c++ -fno-exceptions -fno-rtti -msimd128 -O3 -DNDEBUG -I"$1/include" -c "$source" -o "$work/$(basename "$source").o"
    done
    cat >"$work/libyuv.c" <<'SOURCE'
#include <stdint.h>
#include <stdlib.h>
int ABGRToNV12(const uint8_t *, int, uint8_t *, int, uint8_t *, int, int, int); /* its name for bytes in the order R, G, B, A */
__attribute__((export_name("allocate"))) void *allocate(unsigned size) { return malloc(size); }
__attribute__((export_name("convert"))) int convert(const uint8_t *rgba, uint8_t *y, uint8_t *uv, int width, int height)
{
    return ABGRToNV12(rgba, width * 4, y, width, uv, width, width, height);
}
SOURCE
    "$clang" --target=wasm32-wasi -mexec-model=reactor -O2 "$work/libyuv.c" "$work"/*.cc.o -Wl,--gc-sections -Wl,--strip-all -o "$work/libyuv.wasm"
fi

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -d "$work/node_modules/playwright-core" ] || chromium=''
cd "$work"
node --no-warnings bench.js $chromium

if [ -e /usr/include/node/node_api.h ]; then
    mkdir -p native/build/Release
    echo '{ "type": "commonjs" }' >native/package.json
    cp "$root/bindings/node/index.js" "$root/bindings/node/bench.js" native
    # shellcheck disable=SC2046
    ${CC:-cc} -shared -fPIC -O2 -DNDEBUG -fvisibility=hidden -DNODE_GYP_MODULE_NAME=converter -DNAPI_VERSION=8 -I/usr/include/node -I"$root/include" \
        "$root/bindings/node/src/common.c" "$root/bindings/node/src/converter.c" \
        $(find "$root/src" -name '*.c' ! -path '*/src/exporter/*' ! -path '*/swscale_backend.c' ! -name '*_files.c' ! -name '*_process.c') \
        -lpthread -lm -o native/build/Release/converter.node
    node native/bench.js
fi
