#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# What a file says about itself arrives, and what cannot arrive is said.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

video="-f lavfi -i testsrc2=s=96x64:r=30:d=2"
audio="-f lavfi -i sine=r=48000:d=2"

# entry FILE SECTION: one value.
entry() { ffprobe -v error -show_entries "$2" -of default=nk=1:nw=1 ${3:+-select_streams $3} "$1" | head -1; }

# A phone's clip lies on its side.
make $video -c:v mpeg4 flat.mp4
make -i flat.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
[ -n "$(entry turned.mp4 stream_side_data=rotation)" ] || make -display_rotation 90 -i flat.mp4 -c copy turned.mp4
export_ok turned.mp4
is "rotation" "$(entry out.mp4 stream_side_data=rotation)" "$(entry turned.mp4 stream_side_data=rotation)"

# Pixels that are not square.
make $video -vf setsar=4/3 -c:v ffv1 -pix_fmt yuv420p wide.mkv
export_ok wide.mkv
is "sample aspect ratio" "$(entry out.mp4 stream=sample_aspect_ratio)" 4:3

# A photograph says how it was held: all eight ways, mirrored ones too, are shown upright.
if [ "$encoder" = libx264 ]; then
    make -f lavfi -i testsrc2=s=64x48 -frames:v 1 photo.jpg
    orient() {
        head -c 2 photo.jpg
        printf '\377\341\000\042Exif\000\000II*\000\010\000\000\000\001\000\022\001\003\000\001\000\000\000\x0'$1'\000\000\000\000\000\000\000'
        tail -c +3 photo.jpg
    }
    upright=(null hflip hflip,vflip vflip transpose=0 transpose=1 transpose=3 transpose=2)
    for n in 1 2 3 4 5 6 7 8; do
        orient $n >held$n.jpg
        export_ok held$n.jpg --crf 0
        make -i photo.jpg -vf ${upright[n - 1]} -f rawvideo want.yuv
        make -i out.mp4 -f rawvideo got.yuv
        same got.yuv want.yuv "orientation $n"
        grep -q "left out" err && fail "orientation $n: $(cat err)"
    done
    export_ok held6.jpg --crf 0 --rotate 180
    make -i photo.jpg -vf hflip,vflip -f rawvideo want.yuv
    make -i out.mp4 -f rawvideo got.yuv
    same got.yuv want.yuv "a rotation asked for"
fi

# Titles, languages, chapters; further tracks are named.
printf ';FFMETADATA1\ntitle=Ein Titel\nartist=Somebody\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=two\n' >meta
printf '1\n00:00:00,000 --> 00:00:01,000\nhello\n' >sub.srt
make $video $audio $audio -i sub.srt -i meta -map 0 -map 1 -map 2 -map 3 -map_metadata 4 -map_chapters 4 -c:v ffv1 -pix_fmt yuv420p -c:a flac -metadata:s:a:0 language=fra rich.mkv
export_ok rich.mkv
is "title" "$(entry out.mp4 format_tags=title)" "Ein Titel"
is "artist" "$(entry out.mp4 format_tags=artist)" "Somebody"
is "language" "$(entry out.mp4 stream_tags=language a)" fra
is "chapters" "$(ffprobe -v error -show_entries chapter_tags=title -of csv=p=0 out.mp4 | tr '\n' ' ')" "one two "
says "rich.mkv: left out: 1 further audio track, 1 subtitle track"
export_ok rich.mkv --frames 10:40
says "2 chapters"

# Ten bits become eight, with a word about it; and what is decoded is what the adapter makes of it, exactly.
if "$pixfer" info 2>/dev/null | grep -q swscale && [ "$encoder" = libx264 ]; then
    for format in yuv422p yuv444p yuv420p10le yuv422p10le; do
        make $video -pix_fmt $format -c:v ffv1 deep.mkv
        make -i deep.mkv -sws_flags bicubic+accurate_rnd+full_chroma_int -pix_fmt yuv420p -f rawvideo want.i420
        export_ok deep.mkv --crf 0
        make -i out.mp4 -f rawvideo -pix_fmt yuv420p got.i420
        same got.i420 want.i420 "$format"
    done
    says "10 bits a sample become 8"
    make $video -pix_fmt yuv420p10le -color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc -c:v ffv1 pq.mkv
    export_ok pq.mkv
    says "10 bits a sample of PQ become 8"
fi
finish
