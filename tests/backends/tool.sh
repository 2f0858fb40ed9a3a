#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The tool on the double: what it says of VideoToolbox, and that faults lose no frame. usage: tool.sh TOOL SOURCE-ROOT
set -eu
tool=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() { printf 'FAILED: %s\n' "$1"; exit 1; }
expect() { grep -q -- "$2" "$1" || { cat "$1"; fail "no \"$2\""; }; }

# size 64x48, four frames of noise
head -c $((64 * 48 * 4 * 4)) /dev/urandom >in.bgra
convert() { # OUTPUT OPTION...
    "$tool" convert in.bgra -o "$1" --size 64x48 --format bgra --to nv12 --siting center --overwrite "${@:2}" >log 2>&1 ||
        { cat log; fail "convert $*"; }
}

"$tool" info >info
expect info 'videotoolbox *yes'
expect info 'videotoolbox transfers, measured: .* ms at most: '
PIXFER_APPLE_DOUBLE=green=3,sleep=20000 "$tool" info >info
expect info ': offloaded'
PIXFER_APPLE_DOUBLE=green=1 "$tool" info >info
expect info 'videotoolbox *no: videotoolbox: self-test found 0 in plane 0'

convert cpu.nv12 --backend cpu
convert vt.nv12 --backend videotoolbox
cmp -s cpu.nv12 vt.nv12 && fail "the transfer was not used: its arithmetic differs from the exact one"

# The fourth transfer is the second frame: the first two are the self-test's.
PIXFER_APPLE_DOUBLE=transfer=4 PIXFER_LOG=info convert mixed.nv12 --backend videotoolbox
expect log 'videotoolbox: VTPixelTransferSessionTransferImage answered -17691; cpu continues with the same frame'
frame=$((64 * 48 * 3 / 2))
cmp -s -n $frame mixed.nv12 vt.nv12 || fail "the first frame is not the transfer's"
cmp -s -i $frame mixed.nv12 cpu.nv12 || fail "the frames from the second on are not exact"

PIXFER_APPLE_DOUBLE=transfer=1 convert auto.nv12 --backend auto
cmp -s auto.nv12 cpu.nv12 || fail "auto did not fall back to the CPU"
CAP_VIDEOTOOLBOX_CONVERSION=0 convert off.nv12 --backend auto
cmp -s off.nv12 cpu.nv12 || fail "auto did not obey CAP_VIDEOTOOLBOX_CONVERSION"
if PIXFER_APPLE_DOUBLE=swap "$tool" convert in.bgra -o no.nv12 --size 64x48 --format bgra --to nv12 --siting center --backend videotoolbox \
    >log 2>&1; then
    fail "a converter that swaps red and blue was taken"
fi
expect log 'self-test found'

# The diagnosis: what works is told as working, and each fault shows.
"$tool" selftest >log || { cat log; fail "selftest finds fault with a double that has none"; }
expect log 'ok *backend videotoolbox, bgra to nv12: 8 of 8 colours, siting center, '
expect log 'ok *backend videotoolbox, surface 1920x1080, named P3: largest error'
expect log 'note *backend videotoolbox, release: a 1080p transfer answered 0 '
PIXFER_APPLE_DOUBLE=surface-swap "$tool" selftest --only backends >log && fail "selftest does not see surface-swap"
expect log 'DIFFERS *backend videotoolbox, surface 64x64, untagged: videotoolbox: self-test found'
for fault in left decimate green=3; do
    if PIXFER_APPLE_DOUBLE=$fault "$tool" selftest --only backends >log; then
        fail "selftest does not see $fault"
    fi
    expect log 'DIFFERS *backend videotoolbox, bgra to nv12: .*largest error'
done
