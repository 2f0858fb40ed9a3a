#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# make_corpus.sh DIR: small inputs of many kinds for fuzz_input, each behind the byte that says how it is read.
mkdir -p "$1" && cd "$1" || exit 1
command -v ffmpeg >/dev/null || { echo "skipped: there is no ffmpeg"; exit 77; }

# seed NAME MODE ARGUMENT...: MODE is an octal number.
seed() {
    local name=$1 mode=$2
    shift 2
    ffmpeg -nostdin -v quiet -y "$@" "raw.$name" || return 0 # this ffmpeg has no such encoder
    { printf "\\$mode" && cat "raw.$name"; } >"seed.$name"
    rm -f "raw.$name"
}

video="-f lavfi -i testsrc2=s=64x48:r=30:d=0.2"
audio="-f lavfi -i sine=r=8000:d=0.2"
seed a.mp4 000 $video $audio -c:v mpeg4 -c:a aac -movflags +faststart
seed b.mp4 001 $video $audio -c:v mpeg4 -c:a aac -movflags frag_keyframe+empty_moov
seed c.mp4 022 $video -c:v libx264 -preset ultrafast -metadata title=t -metadata:s:v rotate=90
seed a.mkv 000 $video $audio -c:v ffv1 -pix_fmt bgr0 -c:a flac
seed b.mkv 060 $video $audio -c:v mpeg4 -c:a libopus
seed a.webm 004 $video $audio -c:v libvpx -c:a libvorbis
seed a.ts 000 $video $audio -c:v mpeg2video -c:a mp2
seed b.ts 002 $video $audio -c:v mpeg2video -c:a ac3 -output_ts_offset 90000
seed a.avi 000 $video $audio -c:v mjpeg -c:a pcm_s16le
seed a.flv 000 $video -c:v flv
seed a.gif 000 $video
seed a.apng 000 $video -f apng
seed a.y4m 000 $video -pix_fmt yuv420p
seed b.y4m 010 $video -pix_fmt yuv422p10le -strict -1
seed a.ogv 000 $video -c:v libtheora
seed a.nut 000 $video $audio -c:v rawvideo -pix_fmt rgb24 -c:a pcm_s16le
seed a.m2v 000 $video -c:v mpeg2video
seed a.png 000 $video -frames:v 1
seed a.jpg 000 $video -frames:v 1
seed a.bmp 000 $video -frames:v 1
printf '\000#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n/dev/zero\n#EXT-X-ENDLIST\n' >seed.hls
printf '\000ffconcat version 1.0\nfile /dev/zero\n' >seed.concat
printf '\310\004\004\001\001\001\001%04096d' 0 >seed.raw
printf '\310\002\003\002\004\100\101%04096d' 0 >seed.stride
printf '\347f%%05d.png' >seed.name
printf '\347%%2147321094d' >seed.digits
printf '\347pipe%%%%%%3d:x' >seed.percent
