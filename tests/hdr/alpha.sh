#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Alpha on the way into a file: composed as the definition says, dropped with a line, and padding that is no alpha.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"
ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " libx264 " || { echo "skipped: this ffmpeg has no libx264"; exit 77; }

lost="alpha below full, which is dropped"
silent() { grep -qF "$lost" err && fail "$*: said to lose alpha: $(cat err)"; }
# compose RGBA-FILE R G B: BT.709 limited luma of every pixel over the colour, in fractions.
cat >compose.py <<'END'
import sys
from fractions import Fraction as F
data, back = open(sys.argv[1], "rb").read(), [int(v) for v in sys.argv[2:5]]
out = bytearray()
for i in range(0, len(data), 4):
    a = F(data[i + 3], 255)
    r, g, b = (a * F(c, 255) + (1 - a) * F(k, 255) for c, k in zip(data[i:i + 3], back))
    y = 16 + 219 * (F(2126, 10000) * r + F(7152, 10000) * g + F(722, 10000) * b)
    out.append((y + F(1, 2)).__floor__())
sys.stdout.buffer.write(out)
END
w=66 h=34 # pixels
python3 -c "
import random
random.seed(3)
open('in.raw', 'wb').write(bytes(random.randrange(256) for _ in range($w * $h * 4)))
o = bytearray(open('in.raw', 'rb').read()); o[3::4] = bytes([255]) * ($w * $h); open('opaque.raw', 'wb').write(o)
o[3::4] = bytes($w * $h); open('padding.raw', 'wb').write(o)"
raw="-s ${w}x$h -f rgba -r 10 --crf 0 -e libx264 -y -o out.mp4"

for colour in "black 0 0 0" "white 255 255 255" "#12aB7f 18 171 127"; do
    set -- $colour
    python3 compose.py in.raw $2 $3 $4 >luma
    run 0 export in.raw $raw --alpha "$1"
    silent "--alpha $1"
    ffmpeg -nostdin -v error -y -i out.mp4 -vf extractplanes=y -f rawvideo decoded.raw
    same decoded.raw luma "luma over $1"
    run 0 convert -s ${w}x$h -f rgba --alpha "$1" in.raw converted.nv12 -y
    head -c $((w * h)) converted.nv12 >head
    same head luma "luma of convert over $1"
    ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo -pix_fmt nv12 decoded.raw
    same decoded.raw converted.nv12 "the frame over $1"
done

# Dropped: a line, once, and the bytes of opaque frames; nothing is said of opaque frames and of padding.
cat in.raw in.raw >two.raw
run 0 export two.raw $raw
says "convert: the first frame has $lost"
is "lines" "$(grep -cF "$lost" err)" 1
ffmpeg -nostdin -v error -y -i out.mp4 -frames:v 1 -f rawvideo -pix_fmt nv12 decoded.raw
run 0 convert -s ${w}x$h -f rgba opaque.raw opaque.nv12 -y
same decoded.raw opaque.nv12 "alpha dropped"
for quiet in opaque.raw padding.raw; do
    run 0 export $quiet $raw
    silent $quiet
done
cat opaque.raw in.raw >later.raw
run 0 export later.raw $raw
silent "a later frame"
run 0 export opaque.raw $raw --alpha white
ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo -pix_fmt nv12 decoded.raw
same decoded.raw opaque.nv12 "opaque frames over white"

# Files: straight alpha of PNG, in a plane of its own, of 16 bits; bytes that are no alpha.
video="-f rawvideo -s ${w}x$h -r 10 -pix_fmt rgba -i in.raw"
run 0 convert -s ${w}x$h -f rgba --alpha white in.raw white.nv12 -y
whole() { # whole WHAT INPUT: over white, the bytes of white.nv12
    run 0 export "$2" --crf 0 -e libx264 -y -o out.mp4 --alpha white
    ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo -pix_fmt nv12 decoded.raw
    same decoded.raw white.nv12 "$1 over white"
    run 0 export "$2" -e libx264 -y -o out.mp4
    says "$lost"
    is "$1, lines" "$(grep -cF "$lost" err)" 1
}
make $video -frames:v 1 in.png
whole png in.png
make $video -pix_fmt gbrap -c:v ffv1 -f matroska planes.mkv
whole gbrap planes.mkv
make $video -pix_fmt yuva420p -c:v ffv1 -f matroska yuva.mkv
run 0 export yuva.mkv -e libx264 -y -o out.mp4
says "source: the first frame has $lost"
run 0 export yuva.mkv -e libx264 -y -o out.mp4 --alpha black
says "yuva420p frames are brought to rgba"
make $video -pix_fmt gbrap12le -c:v ffv1 -f matroska deep.mkv
run 0 export deep.mkv -e libx265 --crf 4 -y -o out.mp4 --alpha black
says "gbrap12le frames become rgba64"
make -f rawvideo -s ${w}x$h -r 10 -pix_fmt rgb0 -i in.raw -c:v rawvideo -pix_fmt rgb0 -f nut zero.nut
run 0 export zero.nut -e libx264 --crf 0 -y -o out.mp4 --alpha white
silent "rgb0"
ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo -pix_fmt nv12 decoded.raw
same decoded.raw opaque.nv12 "rgb0 over white: there is no alpha"

# What cannot be.
rm -f out.mp4
plain="in.raw -s ${w}x$h -r 10 -o out.mp4"
for wrong in "" "#fff" "#12345g" "#1234567" "123456" grey "# 12345"; do
    run 2 export $plain -f rgba --alpha "$wrong"
    says "expected drop, black, white or #rrggbb"
done
cat in.raw in.raw >half.raw
run 1 export half.raw -s ${w}x$h -f rgba16f -r 10 -o out.mp4 --alpha white
says "alpha of rgba16f is not composed, expected drop"
run 1 export in.raw -s ${w}x$h -r 10 -o out.mp4 --alpha white --converter swscale --siting center
says "does not compose alpha"
[ ! -e out.mp4 ] && [ ! -e out.mp4.part ] || fail "a refused export leaves something"
finish
