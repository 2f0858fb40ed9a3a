#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# y4m and raw frames as another program reads them.
source "$(dirname "$0")/common.sh"
command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || { echo "no ffmpeg here"; exit 77; }
bytes $((66 * 38 * 4 * 3)) >in.rgba
bytes $((65 * 37 * 4 * 3)) >odd.rgba

# probe FILE EXPECTED: width,height,pixel format,range,chroma location,rate
probe() {
    local found
    found=$(ffprobe -v error -select_streams v -show_entries stream=width,height,pix_fmt,color_range,chroma_location,r_frame_rate -of csv=p=0 "$1")
    [ "$found" = "$2" ] || fail "$1 is read as $found, expected $2"
}

decoded() {
    ffmpeg -v error -i "$1" -f rawvideo -y decoded || fail "$1 cannot be decoded"
    same decoded "$2" "$1 decoded"
}

run 0 convert --size 66x38 in.rgba left.y4m
probe left.y4m "66,38,yuv420p,tv,left,60/1"
run 0 convert --size 66x38 --to i420 in.rgba left.i420
decoded left.y4m left.i420
run 0 convert --size 66x38 --siting center --range full --fps 30000/1001 in.rgba center.y4m
probe center.y4m "66,38,yuv420p,pc,center,30000/1001"
run 0 convert --size 66x38 --siting top-left --fps 23.976 in.rgba topleft.y4m
probe topleft.y4m "66,38,yuv420p,tv,topleft,24000/1001"
run 0 convert --size 65x37 --to y4m --fps 25 odd.rgba odd.video
probe odd.video "65,37,yuv420p,tv,left,25/1"
run 0 convert --size 65x37 --to i420 odd.rgba odd.i420
decoded odd.video odd.i420
run 0 convert --size 65x37 --to i422 odd.rgba four22.y4m
run 0 convert --size 65x37 --to i422 odd.rgba four22.raw
decoded four22.y4m four22.raw
run 0 convert --size 65x37 --to i444 odd.rgba four44.y4m
run 0 convert --size 65x37 --to i444 odd.rgba four44.raw
decoded four44.y4m four44.raw
"$pixfer" convert --size 66x38 --to y4m in.rgba | ffmpeg -v error -f yuv4mpegpipe -i - -f rawvideo -y piped || fail "y4m through a pipe"
same piped left.i420 "y4m through a pipe"

# renderer | pixfer | ffmpeg, and the layouts as ffmpeg understands their names.
run 0 convert --size 66x38 in.rgba out.nv12
"$pixfer" convert --size 66x38 <in.rgba | ffmpeg -v error -f rawvideo -pix_fmt nv12 -s 66x38 -i - -f rawvideo -pix_fmt nv12 -y piped
same piped out.nv12 "the pipeline"
for pair in nv12:nv12 nv21:nv21 i420:yuv420p p010:p010le nv24:nv24 nv16:nv16 i422:yuv422p i444:yuv444p; do
    run 0 convert --size 66x38 --to ${pair%:*} in.rgba layout.raw --overwrite
    ffmpeg -v error -f rawvideo -pix_fmt ${pair#*:} -s 66x38 -i layout.raw -f rawvideo -pix_fmt ${pair#*:} -y again || fail "${pair%:*} is not $pair"
    same layout.raw again "$pair"
done
finish
