#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# HEVC and AV1, 8 and 10 bits a sample, and what becomes of inputs that have more than 8.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"

for name in libx264 libx265 libaom-av1; do
    ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $name " || { echo "skipped: this ffmpeg has no $name"; exit 77; }
done
shape=codec_name,codec_tag_string,pix_fmt,color_range,color_space,color_transfer,color_primaries

# is_near WHAT RAW PIX_FMT MP4: the decoded file is the raw frames but for what the encoder leaves out.
is_near() {
    local db
    db=$(ffmpeg -nostdin -hide_banner -f rawvideo -pix_fmt "$3" -s 320x180 -r 10 -i "$2" -i "$4" -lavfi psnr -f null - 2>&1 |
        sed -n 's/.* y:\([0-9a-z]*\).*/\1/p')
    [ "$db" = inf ] || [ "${db:-0}" -ge 45 ] || fail "$1: PSNR is $db dB, expected 45 at least"
}

make -f lavfi -i testsrc2=s=320x180:r=10:d=0.5 -pix_fmt x2bgr10le -f rawvideo in.raw
raw="in.raw -s 320x180 -f rgb10a2 -r 10 --crf 4"
run 0 convert -s 320x180 -f rgb10a2 -t i010 in.raw ten.raw -y
run 0 convert -s 320x180 -f rgb10a2 -t i420 in.raw eight.raw -y

# Every software encoder, both depths. 10 bits are kept where they can be, and said where they are not.
while read -r codec encoder tag; do
    for depth in 8 10; do
        [ $codec$depth = h26410 ] && continue
        pixels=$([ $depth = 10 ] && echo yuv420p10le || echo yuv420p)
        run 0 export $raw --codec $codec --depth $depth --encoder $encoder -o out.mp4 -y
        is "$encoder, $depth bits" "$(probe out.mp4 $shape)" "$codec,$tag,$pixels,tv,bt709,bt709,bt709"
        is "$encoder, frames" "$(frames out.mp4)" 5
        is_near "$encoder, $depth bits" $([ $depth = 10 ] && echo ten.raw || echo eight.raw) $pixels out.mp4
        says "rgb10a2 becomes $depth bits a sample"
    done
done <<'END'
h264 libx264 avc1
hevc libx265 hvc1
av1 libaom-av1 av01
END
run 0 export $raw --codec hevc -o out.mp4 -y
is "hevc by default" "$(probe out.mp4 pix_fmt)" yuv420p10le
[ "$(grep -c 'x265 \[' err)" = 0 ] || fail "libx265 speaks itself: $(cat err)"
run 0 export $raw --encoder libx265 -o out.mp4 -y
is "the codec of a named encoder" "$(probe out.mp4 codec_name,pix_fmt)" hevc,yuv420p10le
run 0 export $raw -o out.mp4 -y
says "rgb10a2 becomes 8 bits a sample; --codec hevc or av1 keeps 10"
make -f lavfi -i testsrc2=s=320x180:r=10:d=0.3 -pix_fmt rgba -f rawvideo rgba.raw
run 0 export rgba.raw -s 320x180 -f rgba -r 10 --codec hevc -o out.mp4 -y
is "8 bits stay 8" "$(probe out.mp4 pix_fmt)" yuv420p
run 0 export rgba.raw -s 320x180 -f rgba -r 10 --codec hevc --depth 10 -o out.mp4 -y
is "8 bits become 10 where asked" "$(probe out.mp4 pix_fmt)" yuv420p10le

# What cannot be is refused in a line, and nothing is left.
rm -f out.mp4
run 1 export $raw --depth 10 -o out.mp4
says "depth is 10, expected 8 for H.264"
run 1 export $raw --codec hevc --encoder libx264 -o out.mp4
says "'libx264' makes h264, expected an encoder of hevc"
run 2 export $raw --codec vp9 -o out.mp4
says "expected h264, hevc or av1"
run 2 export $raw --depth 12 -o out.mp4
says "expected 8 or 10"
[ ! -e out.mp4 ] || fail "a refused export leaves out.mp4"

# Odd sizes are padded in words, too.
make -f lavfi -i testsrc2=s=320x180:r=10:d=0.3 -vf scale=33:17 -pix_fmt rgba64le -f rawvideo odd.raw
run 0 export odd.raw -s 33x17 -f rgba64 -r 10 --codec hevc --crf 4 -o out.mp4 -y
is "frames of an odd size" "$(frames out.mp4)" 3

# Files: Y'CbCr of 10 bits passes through, tags and all; RGB of more than 8 is converted as it is.
video="-f lavfi -i testsrc2=s=320x180:r=10:d=0.5"
make $video -pix_fmt yuv420p10le -color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc -color_range tv -c:v ffv1 pq.mkv
run 0 export pq.mkv --codec hevc --crf 4 -o out.mp4 -y
is "PQ" "$(probe out.mp4 $shape)" "hevc,hvc1,yuv420p10le,tv,bt2020nc,smpte2084,bt2020"
says "i010 passes through"
ffmpeg -nostdin -v error -y -i pq.mkv -f rawvideo pq.raw
is_near "PQ" pq.raw yuv420p10le out.mp4
run 0 export pq.mkv --codec av1 --depth 8 -o out.mp4 -y
says "10 bits a sample of PQ become 8"
make $video -pix_fmt yuv422p10le -color_trc arib-std-b67 -color_primaries bt2020 -colorspace bt2020nc -color_range tv -c:v ffv1 hlg.mkv
run 0 export hlg.mkv --codec av1 -o out.mp4 -y
is "HLG" "$(probe out.mp4 $shape)" "av1,av01,yuv420p10le,tv,bt2020nc,arib-std-b67,bt2020"
says "brought to yuv420p10"
while read -r format name; do
    make $video -pix_fmt $format -c:v ffv1 -f matroska rgb.mkv
    run 0 export rgb.mkv --codec hevc --crf 4 -o out.mp4 -y
    says "convert: $name becomes 10 bits a sample"
    is "$format" "$(probe out.mp4 pix_fmt)" yuv420p10le
done <<'END'
gbrp10le gbrp10
gbrp12le gbrp12
gbrp16le gbrp16
END
for format in rgb48be rgba64be; do
    make -f lavfi -i testsrc2=s=320x180:r=10:d=0.1 -pix_fmt $format -frames:v 1 deep.png
    ffmpeg -nostdin -v error -y -i deep.png -pix_fmt rgba64le -f rawvideo deep.raw
    run 0 convert -s 320x180 -f rgba64 -t i010 deep.raw png.raw -y
    run 0 export deep.png --codec hevc --crf 4 -o out.mp4 -y
    says "convert: rgba64 becomes 10 bits a sample"
    is_near "$format" png.raw yuv420p10le out.mp4
done
make -f lavfi -i testsrc2=s=320x180:r=10:d=0.1 -pix_fmt gbrpf32le -frames:v 1 float.exr
run 0 export float.exr --codec hevc -o out.mp4 -y
says "floats are taken as gamma-encoded"
says "gbrpf32 becomes 10 bits a sample"
finish
