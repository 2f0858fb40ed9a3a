#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The package as npm packs it: what is in it, its size, its version and types, its tests against the installed tarball, and a
# bundle of it.

. "$(dirname "$0")/common.sh"

fail() { echo "$*"; exit 1; }

modules
pack

listed=$(tar -tzf "$tarball" | sort | xargs)
expected="package/LICENSE package/README.md package/index.d.ts package/index.js package/package.json package/pixfer.wasm"
[ "$listed" = "$expected" ] || fail "the tarball holds $listed, expected $expected"
size=$(gzip -9c "$work/package/pixfer.wasm" | wc -c)
echo "pixfer.wasm: $(wc -c <"$work/package/pixfer.wasm") bytes, $size compressed"
[ "$size" -le 60000 ] || fail "the module has $size bytes compressed, expected 60 kB at most"
library=$(sed -n 's/^#define PIXFER_VERSION_[A-Z]* \([0-9]*\).*/\1/p' "$root/include/pixfer/version.h" | xargs | tr ' ' .)
ours=$(sed -n 's/^ *"version": "\(.*\)",/\1/p' "$package/package.json")
[ "$ours" = "$library" ] || fail "package.json has version $ours, version.h $library"

mkdir "$work/user"
cp "$package"/test/*.js "$work/user"
cd "$work/user"
echo '{ "type": "module", "private": true }' >package.json
npm install --offline --no-audit --no-fund --silent "$tarball"
node --test . || fail "the package's tests fail"

# Every format beside the native tool of this build.
cp "$root/tests/node/native.mjs" .
if [ -x "${PIXFER:-}" ]; then node native.mjs pixfer "$PIXFER" || fail "other bytes than the native tool's"; fi

# Types, as a program in TypeScript sees them.
cp "$root/tests/wasm/types.ts" .
node "$cache/node_modules/typescript/bin/tsc" --noEmit --strict --target esnext --lib esnext,dom --module nodenext types.ts ||
    fail "the types do not fit"

# A bundle; the module lies beside it.
cp "$root/tests/wasm/bundled.js" .
"$cache/node_modules/.bin/esbuild" bundled.js --bundle --platform=browser --format=esm --outfile=dist/bundle.mjs --log-level=warning ||
    fail "esbuild does not bundle it"
cp node_modules/pixfer/pixfer.wasm dist
node dist/bundle.mjs || fail "the bundle does not run"
