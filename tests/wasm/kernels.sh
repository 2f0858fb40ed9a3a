#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# kernels.sh [--all]: the oracle and checkasm as WebAssembly, in node; --all: every colour and every case.

. "$(dirname "$0")/common.sh"

colours='--c-step 16 --step 16' blocks='--step 6' strips='--step 4'
if [ "${1:-}" = --all ]; then colours='' blocks='' strips=''; fi

cd "$root"
flags='--target=wasm32-wasi -msimd128 -O2 -Iinclude -Itests/common -Itests/checkasm -Itests/oracle -D_WASI_EMULATED_SIGNAL'
for source in $(find src -name '*.c' ! -path 'src/exporter/*' ! -path 'src/backends/swscale/swscale_backend.c') tests/common/*.c tests/oracle/oracle.c; do
    echo "$source"
done | xargs -P 2 -I{} sh -c 'clang '"$flags"' -c {} -o "'"$work"'/$(echo {} | tr / _).o"'
program() {
    name=$1
    shift
    # shellcheck disable=SC2086
    clang $flags "$@" "$work"/*.o -o "$work/$name" -lwasi-emulated-signal -Wl,-z,stack-size=1048576
}
program checkasm.wasm tests/checkasm/checkasm.c tests/checkasm/strips.c tests/checkasm/pictures.c tests/checkasm/bench.c
program colours.wasm tests/oracle/test_colours.c
program blocks.wasm tests/oracle/test_blocks.c tests/oracle/adversary.c
program pins.wasm tests/checkasm/pins.c

run() {
    echo "+ $*"
    node --no-warnings "$root/tests/wasm/wasi.mjs" "$work/$@"
}
run pins.wasm simd128 c
# shellcheck disable=SC2086
run checkasm.wasm --isa simd128 $strips
# shellcheck disable=SC2086
run blocks.wasm $blocks
for depth in 8 10; do
    # shellcheck disable=SC2086
    run colours.wasm --depth $depth $colours
done
