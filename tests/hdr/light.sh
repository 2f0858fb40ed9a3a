#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Mastering display and content light: in boxes and in the stream, carried over, measured, and refused where they mean nothing.
. "$(dirname "${BASH_SOURCE[0]}")/../exporter/common.sh"
for name in libx264 libx265 libaom-av1; do
    ffmpeg -hide_banner -encoders 2>/dev/null | grep -q " $name " || { echo "skipped: this ffmpeg has no $name"; exit 77; }
done
w=96 h=64
display='G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,5)'
make -f lavfi -i testsrc2=s=${w}x$h:r=10:d=0.3 -pix_fmt x2bgr10le -f rawvideo in.raw
raw="in.raw -s ${w}x$h -f rgb10a2 -r 10 --transfer pq -y -o out.mp4"

# The boxes, read by their definition: every one of the file, and no other. Absent is "-".
cat >boxes.py <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
def box(name, size, layout):
    at = data.find(name)
    if at < 0:
        return "-"
    assert struct.unpack(">I", data[at - 4:at])[0] == size and data.find(name, at + 4) < 0, name
    return ",".join(str(v) for v in struct.unpack(layout, data[at + 4:at + size - 4]))
print(box(b"mdcv", 32, ">8H2I"), box(b"clli", 12, ">2H"))
END
boxes() { is "$1, boxes" "$(python3 boxes.py "${3:-out.mp4}")" "$2"; }
all="13250,34500,7500,3000,34000,16000,15635,16450,10000000,5"
probed() { # what ffprobe makes of them
    ffprobe -v error -select_streams v -show_streams "$1" | grep -E '^(red_x|green_y|white_point_x|m.._luminance|max_content|max_average)=' |
        sed 's/.*=//' | tr '\n' ' '
}

for encoder in libx265 libx264 libaom-av1; do
    run 0 export $raw --encoder $encoder --mastering-display "$display" --max-cll 1000,400
    boxes $encoder "$all 1000,400"
    is "$encoder, probed" "$(probed out.mp4)" "34000/50000 34500/50000 15635/50000 5/10000 10000000/10000 1000 400 "
    is "$encoder, tags" "$(probe out.mp4 color_space,color_transfer,color_primaries | sed 's/,*$//')" bt2020nc,smpte2084,bt2020
done
# In the stream: the messages of H.264 and HEVC, payloads 137 and 144.
for encoder in "libx265 hevc" "libx264 h264"; do
    set -- $encoder
    run 0 export $raw --encoder $1 --mastering-display "$display" --max-cll 1000,400
    ffmpeg -nostdin -v error -y -i out.mp4 -c copy -f $2 stream
    python3 - stream <<'END' || fail "$1 does not say it in the stream"
import struct, sys
data = open(sys.argv[1], "rb").read().replace(b"\0\0\3", b"\0\0")
assert b"\x89\x18" + struct.pack(">8H2I", 13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450, 10000000, 5) in data
assert b"\x90\x04" + struct.pack(">2H", 1000, 400) in data
END
done
run 0 export $raw --encoder libx265 --max-cll 300,300
boxes "levels alone" "- 300,300"
run 0 export $raw --encoder libx265 --mastering-display "$display"
boxes "display alone" "$all -"
run 0 export $raw --encoder libx265
boxes "nothing said" "- -"

# A fragmented stream has them as well, and so has what a crash would leave.
run 0 export in.raw -s ${w}x$h -f rgb10a2 -r 10 --transfer pq -e libx265 --mastering-display "$display" --max-cll 1000,400 -o -
boxes "fragmented" "$all 1000,400" out

# From an input, by its boxes and by its frames; what is asked for comes instead, and SDR has none.
run 0 export $raw --encoder libx265 --mastering-display "$display" --max-cll 1000,400
mv out.mp4 in.mp4
for encoder in libx265 libaom-av1; do
    run 0 export in.mp4 -e $encoder -y -o out.mp4
    boxes "carried over to $encoder" "$all 1000,400"
done
ffmpeg -nostdin -v error -y -i in.mp4 -c copy -f hevc in.hevc
run 0 export in.hevc -e libx265 -y -o out.mp4
boxes "from frames" "$all 1000,400"
run 0 export in.mp4 -e libx265 --max-cll 4000,20 -y -o out.mp4
boxes "one of them replaced" "$all 4000,20"
run 0 export in.mp4 -e libx265 --transfer bt709 -y -o out.mp4
boxes "not of SDR" "- -"

# Of boxes that say what cannot be, nothing is carried over; the rest is.
hostile() { # WHAT BOX HEX EXPECTED
    python3 - "$2" "$3" <<'END'
import sys
data = bytearray(open("in.mp4", "rb").read())
at, value = data.index(sys.argv[1].encode()) + 4, bytes.fromhex(sys.argv[2])
data[at:at + len(value)] = value
open("hostile.mp4", "wb").write(data)
END
    run 0 export hostile.mp4 -e libaom-av1 -y -o out.mp4
    boxes "$1" "$4"
}
# libx265 says it in its frames as well, and those come first: AV1's only in the boxes.
run 0 export in.mp4 -e libaom-av1 -y -o av1.mp4
mv av1.mp4 in.mp4
hostile "x and y above 1" mdcv ffffffffffffffff "- 1000,400"
hostile "light above all" mdcv 33c286c41d4c0bb884d03e803d134042ffffffff00000001 "- 1000,400"
hostile "min above max" mdcv 33c286c41d4c0bb884d03e803d1340420000000500000006 "- 1000,400"
hostile "no light at all" clli 00000000 "$all -"

# Measured: against ST 2084 in Python, over frames that get brighter and darker again, for every kind of source.
cat >measure.py <<'END'
import random, struct, sys
from decimal import Decimal as D, getcontext
getcontext().prec = 40
def pq(v):
    p = D(v) ** (32 / D(2523))
    n = max(p - D(107) / 128, D(0)) / (D(2413) / 128 - D(2392) / 128 * p)
    return 10000 * n ** (D(8192) / 1305) if n else D(0)
kind, w, h = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(kind)
white = {"rgba": 255, "argb": 255, "bgr24": 255, "gbrp": 255, "rgb10a2": 1023, "gbrp12": 4095, "rgba64": 65535, "rgba16f": 1, "gbrpf32": 1}[kind]
out, cll, fall = bytearray(), D(0), D(0)
for top in (0.3, 0.75, 0.5):
    pixels = []
    for i in range(w * h):
        # few codes, so that this ends soon
        c = [random.choice((0, 0.01, top / 2, top)) for _ in range(3)]
        pixels.append([round(v * white) for v in c] if white > 1 else [struct.unpack("<e", struct.pack("<e", v))[0] for v in c])
    light = {}
    for p in pixels:
        m = max(p)
        light.setdefault(m, pq(D(m) / white))
    cll = max(cll, max(light[max(p)] for p in pixels))
    fall = max(fall, sum(light[max(p)] for p in pixels) / len(pixels))
    a = 255
    if kind in ("gbrp", "gbrp12", "gbrpf32"):
        layout = {"gbrp": "<B", "gbrp12": "<H", "gbrpf32": "<f"}[kind]
        for c in (1, 2, 0):
            out += b"".join(struct.pack(layout, p[c]) for p in pixels)
    else:
        put = {"rgba": lambda r, g, b: bytes((r, g, b, a)), "argb": lambda r, g, b: bytes((a, r, g, b)), "bgr24": lambda r, g, b: bytes((b, g, r)),
               "rgb10a2": lambda r, g, b: struct.pack("<I", r | g << 10 | b << 20 | 3 << 30),
               "rgba64": lambda r, g, b: struct.pack("<4H", r, g, b, 65535), "rgba16f": lambda r, g, b: struct.pack("<4e", r, g, b, 1)}[kind]
        out += b"".join(put(*p) for p in pixels)
open("measured.raw", "wb").write(out)
print(f"{int(cll + D('0.5'))},{int(fall + D('0.5'))}")
END
for kind in rgba argb bgr24 gbrp rgb10a2 gbrp12 rgba64 rgba16f gbrpf32; do
    expected=$(python3 measure.py $kind 33 18)
    run 0 export measured.raw -s 33x18 -f $kind -r 10 --transfer pq -e libx265 --max-cll measure --mastering-display "$display" -y -o out.mp4
    boxes "$kind measured" "$all $expected"
    says "light measured: MaxCLL ${expected%,*}, MaxFALL ${expected#*,} cd/m2"
done

# What cannot be.
rm -f out.mp4
refused() { # STATUS TEXT OPTION...
    local status=$1 text=$2
    shift 2
    run "$status" export in.raw -s ${w}x$h -f rgb10a2 -r 10 -e libx265 -o out.mp4 "$@"
    says "$text"
}
for wrong in "" G "${display}x" "${display%)}" "${display/G(/G( }" "${display/13250/-1}" "${display/13250/50001}" "${display/13250/13250.5}" \
    "${display/WP/W}" "${display/L(10000000,5)/L(5,5)}" "${display/10000000/100000001}" "${display/10000000/99999999999999999999}" \
    "${display/G/R}" "master-display=$display" "$display:crf=51" "$(printf 'G(%01000d,1)' 1)"; do
    refused $([ -n "$wrong" ] && echo 1 || echo 2) expected --transfer pq --mastering-display "$wrong"
    grep -qF "G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)" err || [ -z "$wrong" ] || fail "'$wrong': $(cat err)"
done
for wrong in "" 1000 1000, ,400 0,0 400,1000 65536,1 -1,0 1000,400,1 measured "1000 ,400" 0x3e8,1; do
    refused 2 "such as 1000,400" --transfer pq --max-cll "$wrong"
done
for option in "--max-cll 1000,400" "--max-cll measure" "--mastering-display $display"; do
    refused 1 "of PQ and HLG, found transfer bt709" $option
done
refused 1 "measured of RGB frames of PQ, found rgb10a2 of arib-std-b67" --transfer hlg --max-cll measure
refused 1 "light of composed frames is not measured" --transfer pq --max-cll measure --alpha white
run 1 export in.mp4 --codec hevc --max-cll measure -o out.mp4
says "measured of RGB frames of PQ, found i010"
run 1 export in.raw -s ${w}x$h -f rgb10a2 -r 10 --transfer pq -e libx265 --max-cll measure -o -
says "expected a file, not a stream or a segment"
run 1 export in.raw -s ${w}x$h -f rgb10a2 -r 10 --transfer pq -e libx264 --max-cll measure --segments 2 -o out.mp4
[ ! -e out.mp4 ] && [ ! -e out.mp4.part ] || fail "a refused export leaves something"

# In segments: the boxes are those of the whole.
run 0 export $raw --encoder libx264 --mastering-display "$display" --max-cll 1000,400 --segments 2
boxes "segments" "$all 1000,400"
finish
