#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Where segments are as long as a GOP, every frame is as good as in an export of one piece, within half a decibel, with key frames in the
# same places. quality.sh PIXFER
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# kinds FILE: of the frames, as they are shown.
kinds() {
    ffprobe -v error -select_streams v -show_entries frame=pict_type -of csv=p=0 "$1" | tr -d ',\n'
}

# levels FILE SOURCE: PSNR of each frame's luma, in dB.
levels() {
    ffmpeg -nostdin -v error -i "$1" -i "$2" -lavfi "[0:v][1:v]psnr=stats_file=psnr.log:shortest=1" -frames:v "$(frames "$1")" -f null - 2>err ||
        fail "psnr of $1: $(cat err)"
    awk '{ for (i = 1; i <= NF; i++) if (sub("psnr_y:", "", $i)) print $i == "inf" ? 100 : $i }' psnr.log
}

# alike SOURCE WHAT OPTION...
alike() {
    local source=$1 what=$2
    shift 2
    run 0 export "$source" -o one.mp4 -y -e libx264 -q --threads 1 "$@" || return
    run 0 export "$source" -o joined.mp4 -y -e libx264 -q "$@" --segments 3 || return
    is "$what: kinds of frames" "$(kinds joined.mp4)" "$(kinds one.mp4)"
    levels one.mp4 "$source" >one.txt
    levels joined.mp4 "$source" >joined.txt
    is "$what: frames" "$(wc -l <joined.txt)" "$(wc -l <one.txt)"
    paste one.txt joined.txt | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > most) { most = d; at = NR - 1 } }
                                    END { printf "%.2f dB at frame %d\n", most, at; exit most > 0.5 }' >most ||
        fail "$what: the most that a frame differs is $(cat most), expected 0.5"
    echo "$what: $(cat most)"
}

make -f lavfi -i mandelbrot=size=320x180:rate=30:end_scale=0.01 -t 6 -pix_fmt yuv420p -c:v ffv1 -g 30 moving.mkv
make -f lavfi -i testsrc2=size=320x180:rate=30 -f lavfi -i mandelbrot=size=320x180:rate=30 -filter_complex \
    "[0]trim=0:2,setpts=PTS-STARTPTS[a];[1]trim=0:1.7,setpts=PTS-STARTPTS[b];[0]trim=2:4.3,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3" \
    -t 6 -pix_fmt yuv420p -c:v ffv1 -g 30 scenes.mkv
alike moving.mkv "B-frames and a macroblock tree" --gop 60
alike scenes.mkv "scenes that change between" --gop 60
alike scenes.mkv "without either" --gop 60 --preset ultrafast

# Shorter ones have key frames elsewhere, and the plan says so.
run 0 plan moving.mkv -o out.mp4 -e libx264 --segments 5 --gop 60 -v
says "segments are shorter than 60 frames"
run 0 plan moving.mkv -o out.mp4 -e libx264 --segments 3 --gop 60 -q
is "where segments begin" "$(sed 's/.*"segments":\[//' out | grep -o '"first":[0-9]*,"end"' | tr -dc '0-9\n' | tr '\n' ' ')" "0 60 120 "
# Those that are longer begin at the nearest key frame.
run 0 plan moving.mkv -o out.mp4 -e libx264 --segments 3 --gop 40 -q
is "where longer segments begin" "$(sed 's/.*"segments":\[//' out | grep -o '"first":[0-9]*,"end"' | tr -dc '0-9\n' | tr '\n' ' ')" "0 80 120 "
finish
