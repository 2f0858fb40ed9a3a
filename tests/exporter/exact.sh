#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# What the encoder gets is what the converter makes: a lossless encoder gives it back, bit for bit.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$encoder" = libx264 ] || { echo "skipped: needs libx264"; exit 77; }

# decodes_to EXPECTED WHAT: out.mp4 is EXPECTED, raw I420: as the decoder gives it, because FFmpeg's conversions change ranges.
decodes_to() {
    ffmpeg -nostdin -v error -y -i out.mp4 -vsync 0 -f rawvideo got.i420
    same got.i420 "$1" "$2"
}

# want SIZE INPUT [OPTION...]: what the converter makes of it, in want.i420.
want() {
    local size=$1 input=$2
    shift 2
    run 0 convert -s "$size" --to i420 "$@" "$input" want.i420 --overwrite
}

make -f lavfi -i testsrc2=s=322x182:r=25:d=0.4 -pix_fmt rgba -f rawvideo in.rgba
for colour in "" "--siting center" "--siting top-left" "--matrix bt601 --range full" "--matrix bt2020 --siting top-left"; do
    want 322x182 in.rgba $colour
    export_ok in.rgba -s 322x182 -r 25 --crf 0 $colour
    decodes_to want.i420 "a raw file $colour"
done

# Larger than what is read at a time: the filter of top-left siting looks above the rows that are there.
make -f lavfi -i testsrc2=s=1602x362:r=25:d=0.12,noise=alls=80 -pix_fmt rgba -f rawvideo large.rgba
want 1602x362 large.rgba --siting top-left
export_ok large.rgba -s 1602x362 -r 25 --crf 0 --siting top-left
decodes_to want.i420 "rows that are read in pieces"

# From a pipe that delivers odd pieces, with rows between which there is padding.
want 322x182 in.rgba
for ((i = 0; i < 3; i++)); do dd if=in.rgba bs=7777 skip=$((i * 200)) count=$((i < 2 ? 200 : 100000)) 2>/dev/null; sleep 0.05; done |
    "$pixfer" export - -s 322x182 -r 25 --crf 0 -e libx264 -q -y -o out.mp4 || fail "a pipe: exit status $?"
decodes_to want.i420 "a pipe"
make -f rawvideo -s 322x1820 -pix_fmt rgba -i in.rgba -vf pad=330:1820 -pix_fmt rgba -f rawvideo padded.rgba
export_ok padded.rgba -s 322x182 --stride 1320 -r 25 --crf 0
decodes_to want.i420 "a stride"

# Several planes are read as a whole.
make -f rawvideo -s 322x182 -pix_fmt rgba -i in.rgba -pix_fmt gbrp -f rawvideo in.gbrp
export_ok in.gbrp -s 322x182 -f gbrp -r 25 --crf 0
decodes_to want.i420 "three planes"

# Decoded frames, whole: from a file, by libswscale only where it was asked for.
make -f rawvideo -s 322x182 -pix_fmt rgba -r 25 -i in.rgba -pix_fmt bgr0 -c:v ffv1 in.mkv
export_ok in.mkv --crf 0
decodes_to want.i420 "a file"
export_ok in.mkv --crf 0 --frames 3:7
tail -c +$((322 * 182 * 3 / 2 * 3 + 1)) want.i420 | head -c $((322 * 182 * 3 / 2 * 4)) >part.i420
decodes_to part.i420 "--frames of a file"
export_ok in.rgba -s 322x182 -r 25 --crf 0 --loop 3 --frames 8:22
cat want.i420 want.i420 want.i420 | tail -c +$((322 * 182 * 3 / 2 * 8 + 1)) | head -c $((322 * 182 * 3 / 2 * 14)) >part.i420
decodes_to part.i420 "--loop of a raw file"
export_ok in.mkv --crf 0 --loop 3 --frames 8:22
decodes_to part.i420 "--loop of a file"

# NV12 and I420 pass through, and keep what they are.
export_ok want.i420 -s 322x182 -f i420 -r 25 --crf 0
decodes_to want.i420 "raw I420"
make -f rawvideo -s 322x182 -pix_fmt yuv420p -i want.i420 -f rawvideo -pix_fmt nv12 in.nv12
export_ok in.nv12 -s 322x182 -f nv12 -r 25 --crf 0
decodes_to want.i420 "raw NV12"
make -f rawvideo -s 322x182 -pix_fmt yuv420p -r 25 -i want.i420 -c:v ffv1 -colorspace smpte240m -color_range pc yuv.mkv
export_ok yuv.mkv --crf 0
decodes_to want.i420 "a YUV file"
is "tags that were the input's" "$(probe out.mp4 color_space,color_range)" "pc,smpte240m"

# Odd frames: the edge that pads them is not shown, the rest is what the converter makes.
make -f lavfi -i testsrc2=s=322x182:r=25:d=0.2 -vf format=rgba,crop=321:181:0:0:exact=1 -f rawvideo odd.rgba
want 321x181 odd.rgba
export_ok odd.rgba -s 321x181 -r 25 --crf 0
decodes_to want.i420 "an odd frame"
export_ok want.i420 -s 321x181 -f i420 -r 25 --crf 0
decodes_to want.i420 "odd I420"
finish
