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
    # Node unloads modules at its end, and stacks would have no names.
    export CFLAGS='-fsanitize=address -g -O1' LDFLAGS='-fsanitize=address -Wl,-z,nodelete'
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
scripts=''
if [ "${1:-}" = --asan ]; then scripts=--ignore-scripts; fi # the script would load the modules without the sanitizer's library
npm install --offline --no-audit --no-fund --silent $scripts "$work"/package/pixfer-node-*.tgz || fail "npm does not install it"
[ ! -d node_modules/@pixfer/node/build ] || fail "a package with prebuilt modules was built again"
cp "$root"/bindings/node/test/*.js .

if [ "${1:-}" = --asan ]; then
    # Leaks of node's own are not looked for: only stacks with a function of the modules count (see below). A leak that is there on purpose shows that
    # the check has looked.
    echo '#include <stdlib.h>
__attribute__((constructor, noinline)) static void leaks_on_purpose(void) { void *volatile lost = malloc(77); lost = NULL; (void)lost; }' >canary.c
    ${CC:-cc} -shared -fPIC -g canary.c -o canary.so
    status=0
    LD_PRELOAD="$(cc -print-file-name=libasan.so) $PWD/canary.so" LSAN_OPTIONS="suppressions=$root/tests/leaks.supp:print_suppressions=0" \
        ASAN_OPTIONS="detect_leaks=1:exitcode=0:allocator_may_return_null=1:fast_unwind_on_malloc=0:malloc_context_size=20:log_path=$work/asan.log" \
        node --expose-gc node.test.js >"$work/tests.log" 2>&1 || status=$?
    if [ $status != 0 ] || ! grep -q '^[#ℹ] fail 0' "$work/tests.log"; then tail -100 "$work/tests.log"; fail "the tests fail under the sanitizer"; fi
    cat "$work"/asan.log.* >"$work/asan.log" || fail "the sanitizer has reported nothing"
    if grep -n 'ERROR: AddressSanitizer' "$work/asan.log"; then tail -100 "$work/asan.log"; fail "the sanitizer has found something"; fi
    awk 'BEGIN { RS = "" } /leak of/ && /leaks_on_purpose/ { found = 1 } END { exit !found }' "$work/asan.log" || fail "a leak made on purpose was not found"
    # The modules' sources in a stack, with nothing of node's below them: what node itself allocated for a call is node's.
    awk 'BEGIN { RS = ""; FS = "\n" } /leak of/ { for (i = 2; i <= NF && $i !~ / in napi_|\/node\+0x/; i++) if ($i ~ / \.\.\/(src|deps)\//) { print $0 "\n"; break } }' \
        "$work/asan.log" >"$work/leaks"
    if [ -s "$work/leaks" ]; then head -60 "$work/leaks"; fail "the modules leak"; fi
    exit 0
fi

node --expose-gc --test . || fail "the package's tests fail"

# Every format beside the native tool of this build.
cp "$root/tests/node/native.mjs" .
if [ -x "${PIXFER:-}" ]; then node native.mjs '@pixfer/node' "$PIXFER" || fail "other bytes than the native tool's"; fi

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
