#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# What --quality, --bitrate, --preset and --converter fastest ask for is what the log says and what the file shows.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$encoder" = libx264 ] || { echo "skipped: needs libx264"; exit 77; }

make -f lavfi -i testsrc2=s=320x240:r=30:d=3,noise=alls=60:allf=t -pix_fmt rgba -f rawvideo noise.rgba
raw="noise.rgba -s 320x240 -r 30"

# near BYTES WHAT: of out.mp4, within a third.
near() {
    local found
    found=$(size out.mp4)
    [ "$found" -ge $(($1 * 2 / 3)) ] && [ "$found" -le $(($1 * 4 / 3)) ] || fail "$2: out.mp4 has $found bytes, expected about $1"
}

# Bits per pixel times 320 x 240 x 30, for three seconds.
for pair in maximum:691200:259200 social:345600:129600 web:184320:69120 potato:92160:34560; do
    IFS=: read -r name rate bytes <<<"$pair"
    export_ok $raw --quality "$name"
    says "encoder libx264: preset veryfast, bitrate $(awk -v n="$rate" 'BEGIN { printf(n >= 1e5 ? "%.0f" : "%.6g", n) }')"
    [ "$name" = potato ] || near "$bytes" "--quality $name" # so little that x264 cannot keep to it
done
export_ok $raw --bitrate 1M --preset faster
says "encoder libx264: preset faster, bitrate 1000000"
near 375000 "--bitrate 1M"

export_ok $raw --crf 18 --converter fastest
says "the quickest measured"
says "crf 18"
run 0 export $raw --converter fastest -v -y -o out.mp4 -e libx264
says "converters measured, a frame: cpu "

run 1 export $raw --preset ultrafats -o other.mp4 -e libx264
says "preset is 'ultrafats', expected ultrafast, superfast, veryfast"
is "lines about an unknown preset" "$(grep -c . err)" 1
[ ! -e other.mp4 ] && [ ! -e other.mp4.part ] || fail "an unknown preset leaves a file"

# One line before the first progress, the rest with -v.
export_ok $raw --progress none
is "lines of an export" "$(grep -c . err)" 2
finish
