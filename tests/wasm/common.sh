# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests beside it: a folder for the run, and what is missing as a reason to skip.

set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
package=$root/bindings/wasm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

skip() { echo "$*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "there is no $1"; }

need clang
need wasm-ld
need node
echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c - -o "$work/probe.wasm" 2>/dev/null || skip "clang has no wasm32-wasi: wasi-libc or its runtime library is missing"
