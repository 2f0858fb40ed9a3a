# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests beside it: a folder for the run, and what is missing as a reason to skip.

set -eu
root=${root:-$(cd "$(dirname "$0")/../.." && pwd)}
package=$root/bindings/wasm
work=${work:-$(mktemp -d)}
trap 'rm -rf "$work"' EXIT INT TERM

skip() { echo "$*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "there is no $1"; }

need clang
need wasm-ld
need node
echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c - -o "$work/probe.wasm" 2>/dev/null || skip "clang has no wasm32-wasi: wasi-libc or its runtime library is missing"

# The development dependencies of package.json, kept outside the tree from run to run. Two runs at once may both install them.
modules() {
    need npm
    cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/pixfer/web-$(cat "$package/package-lock.json" "$package/package.json" | sha256sum | cut -c1-16)
    if [ ! -d "$cache/node_modules" ]; then
        mkdir -p "$(dirname "$cache")" "$work/modules"
        cp "$package/package.json" "$package/package-lock.json" "$work/modules"
        (cd "$work/modules" && npm ci --no-audit --no-fund >npm.log 2>&1) || { cat "$work/modules/npm.log"; skip "npm cannot install the development dependencies"; }
        mv "$work/modules" "$cache" 2>/dev/null || [ -d "$cache/node_modules" ]
    fi
}

# The package as it is published, in $work/package: nothing is written into the tree.
pack() {
    mkdir "$work/package"
    cp "$package/package.json" "$package/index.js" "$package/index.d.ts" "$package/README.md" "$root/LICENSE" "$work/package"
    # An optimiser that clang finds would change the module, or fail on it.
    mkdir "$work/bin"
    printf '#!/bin/sh\necho "wasm-opt was called" >&2\nexit 1\n' >"$work/bin/wasm-opt"
    chmod +x "$work/bin/wasm-opt"
    PATH=$work/bin:$PATH "$package/build.sh" "$work/package/pixfer.wasm"
    (cd "$work/package" && npm pack --ignore-scripts --silent >/dev/null)
    tarball=$(echo "$work"/package/pixfer-*.tgz)
}
