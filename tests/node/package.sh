#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# package.sh [--asan]: packs @pixfer/node with the library's sources in it, builds it in a folder of its own, installs it and runs its tests;
# the types; and a movie of screenshots, whose colours ffmpeg then reads. --asan: its tests under the address sanitizer, with leaks of the
# modules.

set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

skip() { echo "$*"; exit 77; }
fail() { echo "$*"; exit 1; }
for program in node npm cc pkg-config ffmpeg; do command -v $program >/dev/null || skip "there is no $program"; done
[ -e /usr/include/node/node_api.h ] || [ -n "${npm_config_nodedir:-}" ] || skip "node's headers are missing"
pkg-config --exists libavcodec libavformat || skip "FFmpeg's development files are missing"

# As it is published: the library's sources are in deps/pixfer.
mkdir -p "$work/package/deps/pixfer"
cd "$root/bindings/node"
cp -R index.js index.d.ts install.js sources.js binding.gyp package.json src README.md "$root/LICENSE" "$work/package"
cp -R "$root/src" "$root/include" "$work/package/deps/pixfer"
library=$(sed -n 's/^#define PIXFER_VERSION_[A-Z]* \([0-9]*\).*/\1/p' "$root/include/pixfer/version.h" | xargs | tr ' ' .)
ours=$(sed -n 's/^ *"version": "\(.*\)",/\1/p' package.json)
[ "$ours" = "$library" ] || fail "package.json has version $ours, version.h $library"

cd "$work/package"
if [ "${1:-}" = --asan ]; then
    export CFLAGS='-fsanitize=address -g -O1' LDFLAGS='-fsanitize=address'
fi
# ccache spares a second run the compiler.
if command -v ccache >/dev/null; then export CC="ccache ${CC:-cc}" CCACHE_BASEDIR="$work" CCACHE_NOHASHDIR=1; fi
node install.js --prebuild >"$work/build.log" 2>&1 || { tail -40 "$work/build.log"; fail "it does not build"; }
if [ -z "${1:-}" ] && grep -n 'warning:' "$work/build.log"; then fail "the build warns"; fi
rm -rf build
npm pack --ignore-scripts --silent >/dev/null

mkdir "$work/user"
cd "$work/user"
echo '{ "private": true }' >package.json
npm install --offline --no-audit --no-fund --silent "$work"/package/pixfer-node-*.tgz
[ ! -d node_modules/@pixfer/node/build ] || fail "a package with prebuilt modules was built again"
cp "$root"/bindings/node/test/*.js .

if [ "${1:-}" = --asan ]; then
    # Leaks of node's own are not looked for: only stacks with a function of the modules count.
    export LD_PRELOAD="$(cc -print-file-name=libasan.so)"
    ASAN_OPTIONS=detect_leaks=1:exitcode=0:allocator_may_return_null=1 node --expose-gc --test --test-skip-pattern='memory as it was' . >"$work/asan.log" 2>&1 || true
    unset LD_PRELOAD
    if grep -n 'ERROR: AddressSanitizer\|^not ok' "$work/asan.log"; then tail -100 "$work/asan.log"; fail "the tests fail under the sanitizer"; fi
    awk 'BEGIN { RS = "" } /leak of/ && /(converter|exporter)\.node/' "$work/asan.log" >"$work/leaks"
    if [ -s "$work/leaks" ]; then head -60 "$work/leaks"; fail "the modules leak"; fi
    exit 0
fi

node --expose-gc --test . || fail "the package's tests fail"

# As ESM, too.
echo "import { convertSync, exporter, version } from '@pixfer/node'; if (!version() || !exporter || !convertSync) process.exit(1);" >esm.mjs
node esm.mjs || fail "the package is not importable"

# Development dependencies: those of the web package, and a PNG reader; without them the rest is not looked at.
. "$root/tests/wasm/common.sh"
modules
ln -s "$cache/node_modules/playwright-core" "$cache/node_modules/pngjs" node_modules/
cp "$root/tests/node/types.ts" .
mkdir -p node_modules/@types && ln -s "$cache/node_modules/@types/node" node_modules/@types/node
ln -s "$cache/node_modules/undici-types" node_modules/undici-types
node "$cache/node_modules/typescript/bin/tsc" --noEmit --strict --target esnext --module nodenext --types node types.ts || fail "the types do not fit"

CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "there is no Chromium for the example"
export CHROMIUM
cp "$root/bindings/node/examples/screenshots.js" .
timeout 120 node screenshots.js movie.mp4 20
ffprobe -v error -select_streams v -show_entries stream=color_space,color_range,color_primaries,color_transfer -of csv=p=0 movie.mp4 |
    grep -qx 'tv,bt709,bt709,bt709' || fail "the movie's tags are $(ffprobe -v error -show_entries stream=color_space,color_range -of csv movie.mp4)"
# The three patches, in the middle: red, green and blue of BT.709 in limited range.
ffmpeg -v error -i movie.mp4 -vf 'select=eq(n\,19)' -fps_mode passthrough -f rawvideo -pix_fmt yuv444p - >frame.yuv
for patch in '80 63 102 240' '208 173 42 26' '336 32 240 118'; do
    set -- $patch
    found=$(node -e 'const f = require("fs").readFileSync("frame.yuv"), at = 80 * 640 + Number(process.argv[1]); console.log([0, 1, 2].map((i) => f[i * 640 * 360 + at]).join(" "))' "$1")
    [ "$found" = "$2 $3 $4" ] || fail "the patch at column $1 is $found, expected $2 $3 $4"
done
