#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Audio as it comes in real life and in hostile files: it changes in mid-stream, starts late, is damaged, jumps, comes through a pipe.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
write_mka=$2

video() { echo "-f lavfi -i testsrc2=s=64x48:r=30:d=$1"; }
tone() { echo "-f lavfi -i sine=f=440:r=$1:d=$2"; }

length() {
    ffprobe -v error -select_streams "$2" -show_entries stream=duration -of csv=p=0 "$1" | head -1 | cut -d. -f1-2 | cut -c1-4
}

# pitch FILE START: zero crossings upwards in the half second from there, twice of which are hertz.
pitch() {
    ffmpeg -nostdin -v error -ss "$2" -t 0.5 -i "$1" -map 0:a -ac 1 -ar 48000 -f s16le - | od -An -v -w2 -td2 |
        awk '$1 > 300 && low { n++; low = 0 } $1 < -300 { low = 1 } END { print n * 2 }'
}

# near WHAT FOUND EXPECTED TOLERANCE
near() {
    [ -n "$2" ] && [ "$2" -ge $(($3 - $4)) ] && [ "$2" -le $(($3 + $4)) ] || fail "$1: found '$2', expected $3"
}

make $(video 4) -c:v ffv1 -pix_fmt bgr0 silent.mkv

# Rate and layout change in the middle: all of it is heard, at its pitch.
make $(tone 48000 2) -ac 2 -c:a mp2 a.mp2
make $(tone 44100 2) -ac 1 -c:a mp2 b.mp2
cat a.mp2 b.mp2 >joined.mp2
export_ok silent.mkv --audio joined.mp2
near "joined, first half" "$(pitch out.mp4 1)" 440 6
near "joined, second half" "$(pitch out.mp4 3)" 440 6
make $(video 2) $(tone 48000 2) -c:v mpeg2video -ac 6 -c:a ac3 six.ts
make $(video 2) $(tone 48000 2) -c:v mpeg2video -ac 2 -c:a ac3 -output_ts_offset 2 two.ts
cat six.ts two.ts >joined.ts
export_ok joined.ts
near "5.1 to stereo, first half" "$(pitch out.mp4 1)" 440 6
near "5.1 to stereo, second half" "$(pitch out.mp4 3)" 440 6

# Through a pipe there is one chance for video and audio.
make $(video 3) $(tone 48000 3) -c:v mpeg4 -c:a aac both.mkv
cat both.mkv | "$pixfer" export pipe:0 -o out.mp4 -y -q -e "$encoder" || fail "a pipe is refused"
is "frames through a pipe" "$(frames out.mp4)" "90"
near "audio through a pipe" "$(pitch out.mp4 2)" 440 6

# AC-3 and AAC that start two seconds late are copied to where they are.
for codec in ac3 eac3 aac; do
    make $(video 4) -itsoffset 2 $(tone 48000 2) -c:v mpeg4 -c:a $codec late.mp4
    export_ok late.mp4
    says "audio $codec, copied"
    near "late $codec, before" "$(pitch out.mp4 1)" 0 6
    near "late $codec, after" "$(pitch out.mp4 3)" 440 6
done

# So is AC-3 of a container that rounds to milliseconds: each of its packets has 1536 samples.
make $(video 3) $(tone 48000 3) -c:v mpeg4 -c:a ac3 rounded.mkv
export_ok rounded.mkv
says "audio ac3, copied"
near "AC-3 of Matroska" "$(pitch out.mp4 2)" 440 6
grep -F "[mp4 @" err && fail "what libavformat says is shown"

# A recorder that stamps a second of packets with one time: they follow each other.
make $(video 3) $(tone 48000 3) -c:v mpeg4 -c:a aac each.mkv
make -i each.mkv -c copy -bsf:a "setts=pts='floor(PTS/1000)*1000':dts='floor(DTS/1000)*1000'" same.mkv
for option in "--gop 50" "--audio-bitrate 64000"; do # copied, and encoded
    export_ok same.mkv $option
    for at in 0.4 1.3 2.3; do
        near "one time for a second, $option, at $at s" "$(pitch out.mp4 $at)" 440 6
    done
done

# What cannot be decoded is said, and is not success.
make $(tone 48000 4) -c:a flac whole.flac
cp whole.flac damaged.flac
dd if=/dev/urandom of=damaged.flac bs=1 seek=30000 count=3000 conv=notrunc 2>/dev/null
run 1 export silent.mkv --audio damaged.flac -o out.mp4 -y -e "$encoder"
says "damaged.flac: a packet"
is "frames beside damaged audio" "$(frames out.mp4)" "120"
make $(tone 48000 4) -c:a aac -movflags +faststart whole.m4a
head -c $(($(size whole.m4a) * 6 / 10)) whole.m4a >cut.m4a
run 1 export silent.mkv --audio cut.m4a -o out.mp4 -y -e "$encoder"
says "cut.m4a"
run 1 export silent.mkv --audio whole.m4a --stop-on-error --audio cut.m4a -o out.mp4 -y -e "$encoder"

# Every speaker keeps its place: a tone that is on one is on no other.
for layout in mono stereo 3.0 4.0 quad 5.0 5.1 7.1; do
    make -f lavfi -i "sine=f=440:r=48000:d=2,pan=$layout|c0=c0" layout.wav
    export_ok silent.mkv --audio layout.wav
    loud=$(ffmpeg -nostdin -v info -i out.mp4 -map 0:a -af astats=measure_overall=none:measure_perchannel=RMS_level -f null - 2>&1 |
        awk '/RMS level dB/ && $NF != "-inf" && $NF > -45 { n++ } END { print n + 0 }')
    is "$layout: channels with the tone of the first" "$loud" "1"
done

# Times that no recorder writes. Every export ends, with all frames and without an hour of silence; what is left out is said.
hostile() {
    local expected=$1 name=$2
    shift 2
    "$write_mka" "$name.mka" "$@" || fail "cannot write $name.mka"
    run "$expected" export silent.mkv --audio "$name.mka" -o out.mp4 -y -e "$encoder"
    is "$name: frames" "$(frames out.mp4)" "120"
    [ "$(length out.mp4 a | cut -d. -f1)" -le 60 ] || fail "$name: $(length out.mp4 a) s of audio"
}
hostile 0 hour 1000000 0 10 20 3600000 3600010
hostile 0 back 1000000 3600000 3600010 0 10 20
hostile 0 wild 1000000 0 10 0x10000000000 20 0x80000000000000 30 0x1000000000000000
says "wild.mka: its times jump by "
hostile 0 start 1000000 0x10000000000000 0x1000000000000a
says "start.mka: a packet's time is more than 140 years away"
hostile 1 huge_unit 0x10000000000 0 10 0x40000000 0x10000000000
says "huge_unit.mka: Invalid data"
finish
