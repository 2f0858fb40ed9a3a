#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# What segments cost: size and PSNR beside an export in one piece for segments of 2, 5 and 10 seconds; the speed of several at a time; the processor
# time of entering an input in its middle. Tables for doc/farm.md. usage: bench/farm.sh [PIXFER [size|speed|seek]...]
set -euo pipefail
export LC_ALL=C
repository=$(cd "$(dirname "$0")/.." && pwd)
pixfer=$(realpath "${1:-$repository/build/release/tools/pixfer/pixfer}")
shift || true
[ $# -gt 0 ] || set -- size speed seek
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-farm.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# Two kinds of frames: a zoom in which everything moves, and a recording of a desktop.
ffmpeg -nostdin -v error -f lavfi -i mandelbrot=size=480x270:rate=30:end_scale=0.002 -t 20 -pix_fmt yuv420p -c:v ffv1 -g 30 zoom.mkv
ffmpeg -nostdin -v error -stream_loop 19 -i "$repository/samples/desktop-4k60.mkv" -vf "scale=480:270,fps=30" -t 20 -pix_fmt yuv420p -c:v ffv1 -g 30 desktop.mkv

# psnr FILE SOURCE: mean and least of all frames' luma, in dB.
psnr() {
    ffmpeg -nostdin -v error -i "$1" -i "$2" -lavfi "[0:v][1:v]psnr=stats_file=stats" -f null -
    awk '{ for (i = 1; i <= NF; i++) if (sub("psnr_y:", "", $i)) { v = $i == "inf" ? 100 : $i; print v } }' stats
}

size() {
    echo "| frames | preset | segments | size | mean PSNR | frames more than 0.5 dB worse | better |"
    echo "| --- | --- | --- | ---: | ---: | ---: | ---: |"
    for source in zoom desktop; do
        for preset in veryfast slow; do
            "$pixfer" export $source.mkv -o one.mp4 -y -q -e libx264 --preset $preset
            psnr one.mp4 $source.mkv >one.txt
            for seconds in 2 5 10; do
                "$pixfer" export $source.mkv -o out.mp4 -y -q -e libx264 --preset $preset --segment-seconds $seconds
                psnr out.mp4 $source.mkv >out.txt
                paste one.txt out.txt | awk -v a="$(stat -c %s one.mp4)" -v b="$(stat -c %s out.mp4)" -v what="$source | $preset | $seconds s" '
                    { x += $1; y += $2; worse += $2 < $1 - 0.5; better += $2 > $1 + 0.5 }
                    END { printf "| %s | %+.1f %% | %+.2f dB | %.0f %% | %.0f %% |\n", what, 100 * (b / a - 1), (y - x) / NR, 100 * worse / NR, 100 * better / NR }'
            done
        done
    done
}

seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", b - a }'; }
wall() {
    local start
    start=$(date +%s.%N)
    "$@"
    seconds "$start" "$(date +%s.%N)"
}

# In turns, so that whatever else the machine does falls on both; the median of the ratios.
speed() {
    echo "| frames | preset | one piece over segments of 5 s, $(nproc) at a time: speed-up |"
    echo "| --- | --- | ---: |"
    for source in zoom desktop; do
        for preset in veryfast slow; do
            for round in 1 2 3; do
                one=$(wall "$pixfer" export $source.mkv -o one.mp4 -y -q -e libx264 --preset $preset)
                out=$(wall "$pixfer" export $source.mkv -o out.mp4 -y -q -e libx264 --preset $preset --segment-seconds 5)
                echo "$one $out" | awk '{ print $1 / $2 }'
            done | sort -n | sed -n 2p | awk -v what="$source | $preset" '{ printf "| %s | %.2f |\n", what, $1 }'
        done
    done
}

cpu() {
    { /usr/bin/env bash -c 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1' _ "$@"; } 2>&1 | awk '{ print $1 + $2 }'
}

# A second of frames at the end of 20, from the start of the file and by its key frame.
seek() {
    ffmpeg -nostdin -v error -i desktop.mkv -c:v libx264 -preset veryfast -g 60 long.mp4
    echo "| 30 frames of 600 | processor time |"
    echo "| --- | ---: |"
    first=$(cpu "$pixfer" export long.mp4 -o a.mp4 -y -q -e libx264 --preset ultrafast --threads 1 --frames 0:30)
    last=$(cpu "$pixfer" export long.mp4 -o b.mp4 -y -q -e libx264 --preset ultrafast --threads 1 --frames 570:600)
    "$pixfer" plan long.mp4 -o c.mp4 -q -e libx264 --preset ultrafast --segments 20 >plan.json
    segment=$(cpu "$pixfer" segment plan.json --index 19 -q)
    begin=$(cpu "$pixfer" segment plan.json --index 0 -q)
    plan=$(cpu "$pixfer" plan long.mp4 -o c.mp4 -q -e libx264 --preset ultrafast --segments 20)
    printf '| %s | %s s |\n' "export --frames 0:30" "$first" "export --frames 570:600" "$last" "segment 0" "$begin" "segment 19" "$segment" \
        "plan, all 600 frames and 19 places" "$plan"
}

for part in "$@"; do
    $part
    echo
done
