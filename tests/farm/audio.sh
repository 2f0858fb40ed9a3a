#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Audio is made once, in the join: to the byte that of an export in one piece, whatever it is and wherever it begins and ends.
. "$(dirname "$0")/common.sh"
finding=0

# compare WHAT ARGUMENT...
compare() {
    local what=$1
    shift
    "$pixfer" export "$@" -o one.mp4 -y -e libx264 --preset ultrafast -q 2>err || fail "$what: $(cat err)"
    "$pixfer" export "$@" -o out.mp4 -y -e libx264 --preset ultrafast -q --segments 4 2>err || fail "$what, in segments: $(cat err)"
    like one.mp4 out.mp4 "$what"
    is "$what: samples" "$(samples out.mp4)" "$(samples one.mp4)"
    finding=$((finding + 1))
}

# input NAME RATE [OPTIONS OF AUDIO] -- [OPTIONS]
video="-f lavfi -i testsrc2=size=96x64:rate=30000/1001:duration=2.5"
for rate in 44100 48000; do
    sound="-f lavfi -i aevalsrc='0.4*sin(2*PI*(200+300*t)*t)|0.3*sin(2*PI*331*t)':s=$rate:d=2.5"
    eval make $video $sound -c:v libx264 -g 15 -c:a aac -shortest aac$rate.mp4
    compare "AAC, $rate, copied" aac$rate.mp4
    eval make $video $sound -c:v libx264 -g 15 -c:a pcm_s16le pcm$rate.mov
    compare "PCM, $rate" pcm$rate.mov
    eval make $video $sound -c:v libx264 -g 15 -c:a flac flac$rate.mkv
    compare "FLAC, $rate" flac$rate.mkv
    compare "FLAC, $rate, a range" flac$rate.mkv --frames 11:59
done
compare "AAC, a range, encoded" aac48000.mp4 --frames 20:70
compare "AAC, twice" aac44100.mp4 --loop 2
compare "AAC, another bit rate" aac44100.mp4 --audio-bitrate 64k
compare "FLAC as ALAC" flac44100.mkv --audio-codec alac
compare "faster" aac48000.mp4 --fps 60 --retime
compare "a file of its own" aac44100.mp4 --audio pcm48000.mov
compare "no audio" aac44100.mp4 --no-audio

# Starting late, ending early, going on behind the last frame, a hole longer than what a clock may jump.
short="-f lavfi -i sine=frequency=500:sample_rate=48000:duration=1.1"
make $video $short -c:v libx264 -g 15 -c:a aac early.mp4
compare "ends early, copied" early.mp4
make $video $short -c:v libx264 -g 15 -c:a pcm_s16le early.mov
compare "ends early, encoded" early.mov
make $video -itsoffset 0.83 $short -c:v libx264 -g 15 -c:a aac late.mp4
compare "starts late, copied" late.mp4
make $video -itsoffset 0.83 $short -c:v libx264 -g 15 -c:a flac late.mkv
compare "starts late, encoded" late.mkv
long="-f lavfi -i sine=frequency=500:sample_rate=44100:duration=4"
make $video $long -c:v libx264 -g 15 -c:a aac behind.mp4
compare "goes on, copied" behind.mp4
make $video $long -c:v libx264 -g 15 -c:a pcm_s16le behind.mov
compare "goes on, encoded" behind.mov
make -f lavfi -i testsrc2=size=96x64:rate=5:duration=14 -itsoffset 12 $short -c:v libx264 -g 15 -c:a aac -c:a aac far.mkv
compare "starts 12 s late" far.mkv
make -f lavfi -i testsrc2=size=96x64:rate=5:duration=14 -itsoffset 12 $short -c:v libx264 -g 15 -c:a pcm_s16le far.mov
compare "starts 12 s late, encoded" far.mov
[ "$finding" = 23 ] || fail "compared $finding times, expected 23"
finish
