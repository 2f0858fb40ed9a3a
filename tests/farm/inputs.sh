#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Inputs of every kind, in segments: the frames and times of an export in one piece; and those that cannot be cut are refused by the plan.
. "$(dirname "$0")/common.sh"

# compare WHAT LEAST ARGUMENT...: in one piece and in five.
compare() {
    local what=$1 least=$2
    shift 2
    "$pixfer" export "$@" -o one.mp4 -y -e libx264 -q 2>err || fail "$what: $(cat err)"
    "$pixfer" export "$@" -o out.mp4 -y -e libx264 -q --segments 5 2>err || fail "$what, in segments: $(cat err)"
    like one.mp4 out.mp4 "$what"
    nearly one.mp4 out.mp4 "$least"
}

# Variable rate: in MP4 and, in milliseconds, in Matroska; with a gap, and with times that a rate rounds to.
vfr="select='not(eq(mod(n\,7)\,3))*not(between(n\,40\,52))',setpts='if(gt(N\,60)\,PTS+0.35/TB\,PTS)'"
make -f lavfi -i testsrc2=size=160x120:rate=30 -t 4 -vf "$vfr" -fps_mode vfr -c:v libx264 -g 25 -bf 2 vfr.mp4
compare "variable rate, MP4" 30 vfr.mp4
make -f lavfi -i testsrc2=size=160x120:rate=60000/1001 -t 3 -c:v libx264 -g 25 -bf 3 -f matroska ntsc.mkv
compare "60000/1001 in milliseconds" 30 ntsc.mkv
compare "60000/1001, said" 30 ntsc.mkv --fps 60000/1001
is "rate" "$(probe out.mp4 avg_frame_rate)" "60000/1001"
make -i vfr.mp4 -c copy vfr.mkv
compare "variable rate, Matroska" 30 vfr.mkv
compare "another rate" 30 vfr.mkv --fps 25
is "rate" "$(probe out.mp4 avg_frame_rate)" "25/1"

# Codecs: no key frame but the first, long GOPs, intra only, a range, twice, recovery points that are no IDR, edit lists.
make -f lavfi -i testsrc2=size=160x120:rate=30 -t 3 -c:v libx264 -g 1000 -keyint_min 1000 -sc_threshold 0 infinite.mp4
compare "one key frame" 30 infinite.mp4
compare "a range" 30 infinite.mp4 --frames 13:61
compare "three times" 30 infinite.mp4 --loop 3 --frames 20:240
make -f lavfi -i testsrc2=size=160x120:rate=30 -t 3 -c:v libx264 -x264-params intra-refresh=1:keyint=20 refresh.mkv
compare "recovery points" 30 refresh.mkv
make -ss 0.5 -i infinite.mp4 -c copy edited.mp4
compare "an edit list" 30 edited.mp4
make -f lavfi -i testsrc2=size=160x120:rate=25 -t 2 -pix_fmt bgra -c:v ffv1 -g 10 rgb.mkv
compare "FFV1, RGB" 25 rgb.mkv
make -f lavfi -i testsrc2=size=161x121:rate=25 -t 2 -c:v mjpeg odd.mov
compare "an odd size" 25 odd.mov
make -f lavfi -i testsrc2=size=160x120:rate=25 -t 2 -c:v libvpx-vp9 -g 20 -b:v 300k vp9.webm
compare "VP9" 25 vp9.webm
make -f lavfi -i testsrc2=size=160x120:rate=25 -t 2 -c:v mpeg2video -bf 2 -g 12 -b:v 800k mpeg2.ts
compare "MPEG-2 in a transport stream" 25 mpeg2.ts
make -f lavfi -i testsrc2=size=160x120:rate=25 -t 2 -c:v libx264 -g 20 -bf 2 h264.ts
compare "H.264 in a transport stream" 25 h264.ts
compare "proved" 25 infinite.mp4 --prove

# Raw frames and images.
make -f lavfi -i testsrc2=size=64x48:rate=25 -t 1.6 -pix_fmt rgba -f rawvideo raw.rgba
compare "raw RGBA" 25 raw.rgba --size 64x48 --fps 25
compare "raw RGBA, a range, twice" 25 raw.rgba --size 64x48 --fps 25 --loop 2 --frames 7:71
make -f lavfi -i testsrc2=size=64x48:rate=25 -t 1.6 -pix_fmt yuv420p -f rawvideo raw.i420
compare "raw I420" 25 raw.i420 --size 64x48 --format i420 --fps 25
mkdir frames
make -f lavfi -i testsrc2=size=64x48:rate=25 -t 1.2 -start_number 7 frames/%04d.png
compare "images" 25 frames/%04d.png --fps 25
compare "images, twice" 25 frames/%04d.png --fps 25 --loop 2 --frames 11:52

# What a file says beside its frames.
make -f lavfi -i testsrc2=size=160x120:rate=25 -f lavfi -i anoisesrc=sample_rate=48000 -t 2 -c:v libx264 -g 20 -c:a aac -metadata title=Titel \
    -metadata:s:v language=deu -aspect 16:9 said.mp4
compare "tags" 25 said.mp4 --rotate 90 --metadata comment=none --title Other
for entry in format_tags=title,comment stream_tags=language stream=sample_aspect_ratio,display_aspect_ratio stream_side_data=rotation; do
    is "$entry" "$(ffprobe -v error -show_entries "$entry" -of csv=p=0 out.mp4)" "$(ffprobe -v error -show_entries "$entry" -of csv=p=0 one.mp4)"
done

# refused TEXT ARGUMENT...
refused() {
    local text=$1 status=0
    shift
    "$pixfer" plan "$@" -o no.mp4 --segments 3 >no.json 2>err || status=$?
    [ "$status" != 0 ] || fail "pixfer plan $* is not refused"
    says "$text"
    [ ! -s no.json ] || fail "pixfer plan $*: a plan all the same"
}
make -i infinite.mp4 -c copy -f h264 raw.h264
refused "cannot be found again" raw.h264
mkfifo fifo
refused "no regular file" fifo
refused "frames from standard input come once" - --size 64x48
head -c 20000 infinite.mp4 >cut.mp4
refused "" cut.mp4
head -c 40000 rgb.mkv >cut.mkv
refused "cut off" cut.mkv
# An image that cannot be decoded: the ones behind it are not taken for those before.
bytes 100 >frames/0012.png
plan frames/%04d.png --fps 25 --gop 10 --segments 3
run 1 segment plan.json --index 0 -q
says "an image before frame "
rm frames/0020.png
refused "is missing" frames/%04d.png --fps 25
refused "is known only" infinite.mp4 --shortest
refused "more than those that --frames leaves out" infinite.mp4 --frames 500:600
run 2 plan infinite.mp4 --tasks 2 --segments 3
says "cannot go together"
run 2 export infinite.mp4 --jobs 2
says "--jobs is for"
run 2 export infinite.mp4 --segments 2 -o -
finish
