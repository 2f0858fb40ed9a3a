#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# libsvtav1, which does not return from being closed or drained before its first frame: whatever happens, the tool does.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"
ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " libsvtav1 " || { echo "skipped: this ffmpeg has no libsvtav1"; exit 77; }

pixfer_tool=$pixfer
bounded() { timeout -k 1 60 "$pixfer_tool" "$@"; }
pixfer=bounded
raw="-s 128x72 -f rgba -r 10 -e libsvtav1"
make -f lavfi -i testsrc2=s=128x72:r=10:d=0.5 -pix_fmt rgba -f rawvideo in.raw

run 0 export in.raw $raw -o out.mp4 -y
is "8 bits" "$(probe out.mp4 codec_name,pix_fmt,color_range,color_space)" av1,yuv420p,tv,bt709
is frames "$(frames out.mp4)" 5
run 0 export in.raw $raw --depth 10 --transfer pq --bitrate 1M --preset fast -o out.mp4 -y
is "10 bits" "$(probe out.mp4 pix_fmt,color_transfer)" yuv420p10le,smpte2084

# No frame at all, and half of one: open, then closed unfed.
rm -f out.mp4
run 1 export - $raw -o out.mp4 </dev/null
says "ended after 0 frames"
head -c 100 in.raw >half
run 1 export - $raw -o out.mp4 < <(cat half)
says "frame 0 is truncated"
# Refused before and while it opens.
run 1 export in.raw $raw --chroma 444 -o out.mp4
says "'libsvtav1' is asked for 4:4:4"
run 1 export in.raw -s 32x18 -f rgba -r 10 -e libsvtav1 -o out.mp4
says "libsvtav1 does not open for 32x18"
run 1 export in.raw $raw --preset nonsense -o out.mp4
says "preset is 'nonsense'"
# The trial of the machine.
run 1 export in.raw $raw -o /nowhere/out.mp4
[ ! -e out.mp4 ] && [ ! -e out.mp4.part ] || fail "a failed export leaves something"
finish
