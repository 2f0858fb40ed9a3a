#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Small media files for fuzz_input, each behind the byte that says it is one. usage: make_corpus.sh FOLDER
set -eu
folder=$1
command -v ffmpeg >/dev/null || { echo "no ffmpeg to make media with"; exit 77; }
rm -rf "$folder"
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make() { # NAME ffmpeg-options...: a file that this ffmpeg cannot make is left out
    local name=$1
    shift
    ffmpeg -v error -nostdin -f lavfi -i testsrc=size=64x48:rate=10:duration=0.8 -f lavfi -i sine=frequency=440:duration=0.9 \
        "$@" -fflags +bitexact "$work/$name" </dev/null 2>/dev/null || return 0
    { printf '\0'; cat "$work/$name"; } >"$folder/$name"
}

make ffv1-flac.mkv -c:v ffv1 -pix_fmt bgr0 -c:a flac
make h264-aac.mp4 -c:v libx264 -bf 2 -c:a aac
make rotated.mov -c:v mjpeg -c:a pcm_s16le -metadata:s:v rotate=90 -metadata title=title
make mpeg2-mp2.ts -c:v mpeg2video -c:a mp2
make vp8-opus.webm -c:v libvpx -c:a libopus
make ac3.mp4 -c:v mpeg4 -c:a ac3
make rgb24.avi -c:v rawvideo -pix_fmt bgr24 -c:a pcm_s16le
make picture.gif -an
make frames.y4m -an
make still.png -an -frames:v 1
make still.jpg -an -frames:v 1
make h264-aac.flv -c:v libx264 -c:a aac
make ffv1.nut -c:v ffv1 -c:a pcm_s16le
make theora.ogv -c:v libtheora -c:a libvorbis
make gray16.mkv -c:v ffv1 -pix_fmt gray16le -an
[ -n "$(ls "$folder")" ]

# Raw frames and names.
printf '\003\010\010\001\000\001\036\001\000' >"$folder/raw"
head -c 512 /dev/zero >>"$folder/raw"
printf '\002%%05d.png' >"$folder/name"
printf '\002%%2147321094d' >"$folder/name-wide"
