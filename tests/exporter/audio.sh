#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Audio stays where its frames are, to the sample: a click at 1 s is looked for where it has to be.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

click="aevalsrc='if(between(t,1,1.001),1,0)':s=RATE"
video="-f lavfi -i testsrc2=s=160x120:r=30:d=3"

# click_at FILE SAMPLE WHAT: the first loud sample; AAC spreads a click by a few.
click_at() {
    local at
    at=$(ffmpeg -nostdin -v error -i "$1" -map 0:a -ac 1 -f s16le - | od -An -v -w2 -td2 | awk '!at && ($1 > 6000 || $1 < -6000) { at = NR } END { if (at) print at - 1 }')
    [ -n "$at" ] && [ "$at" -ge $(($2 - 3)) ] && [ "$at" -le $(($2 + 3)) ] || fail "$3: click at sample '$at', expected $2"
}

audio() {
    ffprobe -v error -select_streams a -show_entries stream=codec_name,duration -of csv=p=0 "$1"
}

make $video -f lavfi -i "${click/RATE/48000}:d=4" -c:v mpeg4 -c:a aac aac.mp4
make $video -f lavfi -i "${click/RATE/44100}:d=4" -c:v ffv1 -pix_fmt bgr0 -c:a pcm_s16le pcm.mkv
make $video -f lavfi -i "${click/RATE/48000}:d=2" -c:v ffv1 -pix_fmt bgr0 -c:a flac short.mkv
make $video -c:v ffv1 -pix_fmt bgr0 silent.mkv
make -f lavfi -i "${click/RATE/48000}:d=5" click.wav
make -f lavfi -i "${click/RATE/48000}:d=2" brief.wav

export_ok aac.mp4
says "audio aac, copied"
is "copied" "$(audio out.mp4)" "aac,4.000000"
is "the last frame held" "$(probe out.mp4 duration,nb_frames)" "4.000000,90"
says "1.000 s after the last frame"
click_at out.mp4 48000 "copied"
export_ok pcm.mkv
says "audio aac"
is "encoded" "$(audio out.mp4)" "aac,4.000000"
is "the last frame held" "$(probe out.mp4 duration,nb_frames)" "4.000000,90"
click_at out.mp4 44100 "encoded"
export_ok pcm.mkv --frames 0:90
is "cut to its frames" "$(audio out.mp4)" "aac,3.000000"
click_at out.mp4 44100 "cut to its frames"
export_ok silent.mkv --audio click.wav
is "longer" "$(audio out.mp4)" "aac,5.000000"
click_at out.mp4 48000 "longer"
export_ok silent.mkv --audio brief.wav
is "filled with silence" "$(audio out.mp4)" "aac,3.000000"
click_at out.mp4 48000 "filled with silence"
export_ok short.mkv
says "audio aac"
click_at out.mp4 48000 "FLAC"
for codec in libmp3lame ac3 alac libopus; do
    ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $codec " || continue
    make $video -f lavfi -i "${click/RATE/48000}:d=3" -c:v mpeg4 -c:a $codec other.mp4
    export_ok other.mp4
    says ", copied"
    click_at out.mp4 48000 "$codec"
done
export_ok pcm.mkv --frames 15:75
is "of a range" "$(audio out.mp4)" "aac,2.000000"
click_at out.mp4 22050 "of a range"
export_ok pcm.mkv --loop 2 --frames 45:
is "of the second pass" "$(audio out.mp4)" "aac,5.500000"
click_at out.mp4 110250 "of the second pass"
export_ok pcm.mkv --loop 3 --frames 100:150
is "of the second pass alone" "$(audio out.mp4)" "aac,1.666667"
click_at out.mp4 29400 "of the second pass alone"
export_ok pcm.mkv --no-audio
is "none" "$(audio out.mp4)" ""

# Another codec, another bit rate, another pace.
for codec in alac flac libopus; do
    ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $codec " || continue
    export_ok pcm.mkv --frames 0:90 --audio-codec $codec
    is "--audio-codec $codec" "$(audio out.mp4)" "${codec#lib},3.000000"
    [ $codec = libopus ] && rate=48000 || rate=44100
    click_at out.mp4 $rate "--audio-codec $codec"
done
run 1 export pcm.mkv --audio-codec nosuch -o none.mp4 -e "$encoder"
says "nosuch is no encoder for MP4"
export_ok aac.mp4 --shortest
is "--shortest" "$(audio out.mp4)" "aac,3.000000"
is "--shortest, frames" "$(frames out.mp4)" "90"
export_ok pcm.mkv --fps 60 --retime --shortest
is "--retime" "$(audio out.mp4)" "aac,1.500000"
click_at out.mp4 22050 "--retime"
export_ok pcm.mkv --fps 60
is "held at 60 fps" "$(probe out.mp4 duration,nb_frames)" "4.000000,90"

# Out of a transport stream, whose clock starts anywhere and whose AAC is wrapped otherwise.
make $video -f lavfi -i "${click/RATE/48000}:d=3" -c:v mpeg2video -q:v 2 -c:a aac -output_ts_offset 100 clip.ts
export_ok clip.ts
is "out of a transport stream" "$(audio out.mp4 | cut -d. -f1)" "aac,3"
start() { ffprobe -v error -select_streams "$1" -show_entries stream=start_time -of csv=p=0 clip.ts | head -1; }
at=$(ffmpeg -nostdin -v error -i clip.ts -map 0:a -f s16le - | od -An -v -w2 -td2 | awk '!at && ($1 > 6000 || $1 < -6000) { at = NR } END { print at - 1 }')
click_at out.mp4 "$(awk -v at="$at" -v a="$(start a)" -v v="$(start v)" 'BEGIN { printf "%.0f", at + 48000 * (a - v) }')" "out of a transport stream"

run 1 export silent.mkv --audio silent.mkv -o none.mp4 -e "$encoder"
says "there is no audio in it"
run 1 export silent.mkv --audio nowhere.wav -o none.mp4 -e "$encoder"
says "nowhere.wav: No such file"
[ ! -e none.mp4 ] && [ ! -e none.mp4.part ] || fail "audio that is not there left a file"
finish
