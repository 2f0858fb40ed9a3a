#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by the tests, on top of those of the exporter.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"
[ "$encoder" = libx264 ] || skip "libx264, which says which version it is, is not there"

# plan ARGUMENT...: plan.json for out.mp4.
plan() {
    "$pixfer" plan "$@" -o out.mp4 -e libx264 -q >plan.json 2>err || fail "pixfer plan $*: $(cat err)"
    id=$(sed -n 's/^ *"id": "\([0-9a-f]*\)".*/\1/p; s/^{"id":"\([0-9a-f]*\)".*/\1/p' plan.json)
}

# How many segments the plan has.
count() {
    "$pixfer" plan --status plan.json "$@" | sed -n 's/^[0-9]* of \([0-9]*\) segments.*/\1/p'
}

# segments K...: these, in that order.
segments() {
    local k
    for k in "$@"; do "$pixfer" segment plan.json --index "$k" -q 2>err || fail "segment $k: $(cat err)"; done
}

all_segments() {
    segments $(seq 0 $(($(count) - 1)))
}

# join NAME
join() {
    "$pixfer" join plan.json -o "$1" -q 2>err || fail "join $1: $(cat err)"
}

# times FILE: of all frames, as they are shown; times and sizes of all packets of audio.
times() {
    ffprobe -v error -select_streams v -show_entries packet=pts,duration -of csv=p=0 "$1" | cut -d, -f1 | sort -n
}

packets() {
    ffprobe -v error -select_streams a -show_entries packet=pts,dts,duration,size,data_hash -show_data_hash MD5 -of csv=p=0 "$1"
}

samples() {
    ffmpeg -nostdin -v error -i "$1" -map 0:a -f s16le -c:a pcm_s16le - | md5sum
}

about() {
    ffprobe -v error -select_streams "$2" -show_entries \
        "stream=codec_name,width,height,avg_frame_rate,r_frame_rate,time_base,start_pts,duration_ts,nb_frames,color_space,color_range,color_primaries,color_transfer,chroma_location,sample_rate,channels" \
        -of csv=p=0 "$1"
}

# monotonic FILE: decoding times grow, and no frame is shown before it is decoded.
monotonic() {
    ffprobe -v error -select_streams v -show_entries packet=pts,dts -of csv=p=0 "$1" |
        awk -F, 'NR > 1 && $2 <= last { print "dts " $2 " after " last; bad = 1 } $1 < $2 { print "pts " $1 " before dts " $2; bad = 1 }
                 { last = $2 } END { exit bad }' >wrong || fail "$1: $(head -1 wrong)"
}

# like ONE JOINED WHAT: the same frames at the same times, the same audio to the byte.
like() {
    is "$3: video" "$(about "$2" v)" "$(about "$1" v)"
    is "$3: audio" "$(about "$2" a)" "$(about "$1" a)"
    is "$3: times of frames" "$(times "$2" | md5sum)" "$(times "$1" | md5sum)"
    is "$3: packets of audio" "$(packets "$2" | md5sum)" "$(packets "$1" | md5sum)"
    is "$3: decoded frames" "$(frames "$2")" "$(frames "$1")"
    monotonic "$2"
}

# nearly ONE JOINED LEAST: no frame is another one: PSNR of each beside the export in one piece, in dB.
nearly() {
    ffmpeg -nostdin -v error -i "$1" -i "$2" -lavfi '[0:v][1:v]psnr=stats_file=psnr.log' -f null - 2>err || fail "psnr of $2: $(cat err)"
    awk -v least="$3" '{ for (i = 1; i <= NF; i++) if (sub("psnr_y:", "", $i) && $i != "inf" && $i < least) { print NR ": " $i; bad = 1 } }
                       END { exit bad }' psnr.log >wrong || fail "$2: frame $(head -1 wrong) dB, expected $3"
}
