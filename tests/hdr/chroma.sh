#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# 4:4:4 in files: every software encoder that makes it, every sample of a lossless export, and the refusals; colour tags by name.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"

for name in libx264 libx265 libaom-av1; do
    ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $name " || { echo "skipped: this ffmpeg has no $name"; exit 77; }
done
shape=codec_name,pix_fmt,width,height

# decodes_to WHAT MP4 PIX_FMT RAW: the frames of the file are those bytes.
decodes_to() {
    ffmpeg -nostdin -v error -y -i "$2" -f rawvideo -pix_fmt "$3" decoded.raw || fail "$1: does not decode"
    cmp -s decoded.raw "$4" || fail "$1: $(cmp decoded.raw "$4" 2>&1 | head -1)"
}

# Thin red lines on white: what 4:2:0 smears.
make -f lavfi -i "testsrc2=s=160x96:r=10:d=0.3,drawgrid=w=7:h=5:t=1:c=red" -pix_fmt rgba -f rawvideo even.raw
make -f lavfi -i "testsrc2=s=160x96:r=10:d=0.3,scale=75:43,drawgrid=w=7:h=5:t=1:c=red" -pix_fmt rgba -f rawvideo odd.raw
make -f lavfi -i "testsrc2=s=160x96:r=10:d=0.3,drawgrid=w=7:h=5:t=1:c=red" -pix_fmt rgba64le -f rawvideo deep.raw
run 0 convert -s 160x96 -f rgba -t i444 even.raw even8.raw -y
run 0 convert -s 160x96 -f rgba -t i410 even.raw even10.raw -y
run 0 convert -s 160x96 -f rgba64 -t i410 deep.raw deep10.raw -y

while read -r codec encoder; do
    run 0 export even.raw -s 160x96 -f rgba -r 10 --chroma 444 --crf 0 --encoder $encoder -o out.mp4 -y
    is "$encoder" "$(probe out.mp4 $shape)" "$codec,160,96,yuv444p"
    decodes_to "$encoder" out.mp4 yuv444p even8.raw
    [ $codec = h264 ] && continue
    run 0 export even.raw -s 160x96 -f rgba -r 10 --chroma 444 --depth 10 --crf 0 --codec $codec --encoder $encoder -o out.mp4 -y
    is "$encoder, 10 bits" "$(probe out.mp4 $shape)" "$codec,160,96,yuv444p10le"
    decodes_to "$encoder, 10 bits" out.mp4 yuv444p10le even10.raw
    run 0 export deep.raw -s 160x96 -f rgba64 -r 10 --chroma 444 --crf 0 --codec $codec --encoder $encoder -o out.mp4 -y
    decodes_to "$encoder, from 16 bits" out.mp4 yuv444p10le deep10.raw
done <<'END'
h264 libx264
hevc libx265
av1 libaom-av1
END

# Lossless without 4:4:4 as well.
for codec in hevc av1; do
    run 0 convert -s 160x96 -f rgba -t i420 even.raw small.raw -y
    run 0 export even.raw -s 160x96 -f rgba -r 10 --crf 0 --codec $codec -o out.mp4 -y
    decodes_to "$codec of 4:2:0, crf 0" out.mp4 yuv420p small.raw
done

# Odd sizes: 4:4:4 says them in the stream itself, whatever the container says, and AV1 does in 4:2:0 too. HEVC cannot there: what is
# added repeats the edge, and the container has the true size.
while read -r shape encoder raw extension; do
    run 0 convert -s 75x43 -f rgba -t $([ $shape = 444 ] && echo i444 || echo i420) odd.raw odd8.raw -y
    run 0 export odd.raw -s 75x43 -f rgba -r 10 --chroma $shape --crf 0 --encoder $encoder -o out.mp4 -y
    ffmpeg -nostdin -v error -y -i out.mp4 -c copy -f $raw stream
    is "$encoder $shape, the stream's size" "$(probe stream width,height)" "75,43"
    is "$encoder $shape, the file's size" "$(probe out.mp4 width,height)" "75,43"
    decodes_to "$encoder $shape, odd" out.mp4 yuv$([ $shape = 444 ] && echo 444 || echo 420)p odd8.raw
done <<'END'
444 libx264 h264
444 libx265 hevc
444 libaom-av1 ivf
420 libaom-av1 ivf
END
run 0 convert -s 75x43 -f rgba -t i420 odd.raw odd8.raw -y
run 0 export odd.raw -s 75x43 -f rgba -r 10 --crf 0 --encoder libx265 -o out.mp4 -y
says "libx265 of 4:2:0 has even sizes only: players may show 76x44"
is "HEVC of 4:2:0, coded size" "$(probe out.mp4 width,height)" "76,44"
ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo -pix_fmt yuv420p padded.raw
python3 - odd8.raw padded.raw out.mp4 <<'END' || fail "HEVC of 4:2:0 and an odd size"
import struct, sys
true, padded, mp4 = (open(name, "rb").read() for name in sys.argv[1:])
w, h, W, H = 75, 43, 76, 44
size, coded, chroma = w * h + 2 * 38 * 22, W * H + 2 * 38 * 22, 2 * 38 * 22
assert len(true) == 3 * size and len(padded) == 3 * coded, (len(true), len(padded))
for f in range(3):
    for y in range(H):
        row = true[f * size + min(y, h - 1) * w:][:w]
        assert padded[f * coded + y * W:][:W] == row + row[-1:], (f, y)
    assert padded[f * coded + W * H:][:chroma] == true[f * size + w * h:][:chroma], f
tkhd = mp4.index(b"tkhd")
assert struct.unpack(">II", mp4[tkhd + 80:][:8]) == (w << 16, h << 16)
END

# Y'CbCr of that shape passes through, raw and from a file; other shapes are brought there, and that is said.
run 0 export even8.raw -s 160x96 -f i444 -r 10 --chroma 444 --crf 0 -e libx264 -o out.mp4 -y
says "i444 passes through"
decodes_to "raw i444" out.mp4 yuv444p even8.raw
run 0 export even10.raw -s 160x96 -f i410 -r 10 --chroma 444 --crf 0 -e libx265 -o out.mp4 -y
decodes_to "raw i410" out.mp4 yuv444p10le even10.raw
make -f rawvideo -s 160x96 -r 10 -pix_fmt yuv444p -i even8.raw -c:v ffv1 full.mkv
run 0 export full.mkv --chroma 444 --crf 0 -e libx264 -o out.mp4 -y
says "i444 passes through"
decodes_to "i444 of a file" out.mp4 yuv444p even8.raw
make -f rawvideo -s 160x96 -r 10 -pix_fmt yuv444p10le -i even10.raw -c:v ffv1 full10.mkv
run 0 export full10.mkv --chroma 444 --crf 0 -e libx265 -o out.mp4 -y
says "i410 passes through"
decodes_to "i410 of a file" out.mp4 yuv444p10le even10.raw
run 0 export full.mkv -e libx264 -o out.mp4 -y
says "brought to yuv420p by libswscale"
run 0 export full10.mkv --chroma 444 -e libx264 -o out.mp4 -y
says "10 bits a sample become 8"
is "10 bits of 4:4:4 in H.264" "$(probe out.mp4 pix_fmt)" yuv444p

# What cannot be is refused by name, and nothing is left.
rm -f out.mp4
raw="even.raw -s 160x96 -f rgba -r 10 -o out.mp4"
run 2 export $raw --chroma 422
says "expected 420 or 444"
run 1 export $raw --chroma 444 --depth 10 --codec h264
says "depth is 10, expected 8 for H.264"
if ffmpeg -hide_banner -encoders 2>/dev/null | grep -q ' libopenh264 '; then
    run 1 export $raw --chroma 444 --encoder libopenh264
    says "'libopenh264' is asked for 4:4:4 of 8 bits a sample, expected 4:2:0"
fi
ffmpeg -hide_banner -encoders 2>/dev/null | grep -q ' h264_vaapi ' && {
    run 1 export $raw --chroma 444 --encoder h264_vaapi
    says "'h264_vaapi' is asked for 4:4:4 of 8 bits a sample, expected 4:2:0"
}
run 1 export even8.raw -s 160x96 -f i444 -r 10 -o out.mp4
says "chroma is 420, expected 444 for frames of i444"
run 0 convert -s 160x96 -f rgba -t nv12 even.raw nv12.raw -y
run 1 export nv12.raw -s 160x96 -f nv12 -r 10 --chroma 444 -o out.mp4
says "chroma is 444, expected 420 for frames of nv12"
run 1 export even10.raw -s 160x96 -f i410 -r 10 --chroma 444 -e libx264 -o out.mp4
says "frames are i410, expected HEVC or AV1 of 10 bits"
[ ! -e out.mp4 ] || fail "a refused export leaves out.mp4"

# Tags by name and by number; PQ and HLG bring BT.2020 along, unless something else is said.
tags=color_space,color_transfer,color_primaries
tagged() {
    local expected=$1
    shift
    run 0 export deep.raw -s 160x96 -f rgba64 -r 10 --frames 1 --codec hevc "$@" -o out.mp4 -y
    is "$*" "$(probe out.mp4 $tags)" "$expected"
}
tagged bt2020nc,smpte2084,bt2020 --transfer pq
says "output is HDR: PQ of 10 bits"
tagged bt2020nc,arib-std-b67,bt2020 --transfer 18
says "output is HDR: HLG of 10 bits"
tagged bt709,smpte2084,smpte432 --transfer pq --matrix bt709 --primaries Display-P3
tagged bt709,iec61966-2-1,bt709 --transfer sRGB
tagged bt709,bt709,bt2020 --primaries 9
tagged bt2020nc,smpte2084,bt2020 --transfer pq --depth 8
says "output is HDR: PQ of 8 bits"
run 0 export even.raw -s 160x96 -f rgba -r 10 --frames 1 --transfer pq -e libx264 -o out.mp4 -y
says "bands may show, and nothing is mapped to SDR"
for wrong in "--primaries 3" "--primaries bt2021" "--transfer 0" "--transfer pqq" "--transfer 4294967312"; do
    run 2 export $raw $wrong
    says "H.273"
done
# Y'CbCr of a file keeps what is not named.
make -f rawvideo -s 160x96 -r 10 -pix_fmt yuv420p -i small.raw -c:v ffv1 -colorspace smpte170m -color_trc smpte170m -color_primaries smpte170m tagged.mkv
run 0 export tagged.mkv --transfer srgb -e libx264 -o out.mp4 -y
is "one tag of a file" "$(probe out.mp4 $tags)" smpte170m,iec61966-2-1,smpte170m
finish
