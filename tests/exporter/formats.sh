#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Inputs of every kind become files that say what they are.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

shape=width,height,color_range,color_space,color_transfer,color_primaries,chroma_location,avg_frame_rate

# The pipe of the README, and its tags.
make -f lavfi -i testsrc2=s=638x358:r=30:d=1.5 -pix_fmt rgba -f rawvideo in.rgba
run 0 export - -s 638x358 -f rgba -r 30 -o out.mp4 -e "$encoder" --stats stats.json -v <in.rgba
is "a pipe" "$(probe out.mp4 $shape)" "638,358,tv,bt709,bt709,bt709,left,30/1"
is "frames of a pipe" "$(frames out.mp4)" 45
only out.mp4
for word in "converter cpu" "first frame converted: rgba 638x358 to nv12 by cpu" "encoder $encoder" "stages, side by side: source" "45 frames"; do
    [ "$encoder" = auto ] && [ "$word" = "encoder auto" ] || says "$word"
done
for key in '"frames": 45' '"wall_s": ' '"fps": ' '"source_s": ' '"convert_s": ' '"encode_s": ' '"mux_s": ' '"convert_share": 0.' '"cpu_s": ' \
    '"peak_rss_bytes": ' '"backend": "cpu"' '"isa": "' '"exact": true' '"fallback_reason": null' '"encoder": "' '"path": "out.mp4"' \
    "\"bytes\": $(size out.mp4)"; do
    grep -qF "$key" stats.json || fail "stats.json is without $key: $(cat stats.json)"
done
# The index lies in front.
order=$(ffprobe -v trace out.mp4 2>&1 | sed -n "s/.*type:'\(moov\|mdat\)' parent:'root'.*/\1/p" | head -2 | tr '\n' ' ')
is "order of the boxes" "$order" "moov mdat "

# Colour tags come from the conversion.
export_ok in.rgba -s 638x358 -r 30 --matrix bt601 --range full --siting center --frames 5
is "601" "$(probe out.mp4 $shape)" "638,358,pc,smpte170m,smpte170m,smpte170m,center,30/1"
export_ok in.rgba -s 638x358 -r 30 --matrix bt2020 --siting top-left --frames 5
is "2020" "$(probe out.mp4 color_range,color_space,color_primaries,chroma_location)" "tv,bt2020nc,bt2020,topleft"
ffprobe -v trace out.mp4 2>&1 | grep -q "type:'colr' parent:'stsd'" || fail "there is no colr box"
grep -qF "tv" err || [ "$encoder" = auto ] || says "matrix bt2020nc, range tv"

# Odd sizes are shown as they are.
for size in 1919x1079 3x3 1x1 17x33 2x1; do
    make -f lavfi -i testsrc2=s=640x360:r=30:d=0.1 -vf "scale=${size/x/:}" -pix_fmt rgba -f rawvideo odd.rgba
    export_ok odd.rgba -s $size -r 30
    is "size" "$(probe out.mp4 width,height)" "${size/x/,}"
    ffmpeg -nostdin -v error -y -i out.mp4 -frames:v 1 -f rawvideo -pix_fmt gray shown.gray
    is "pixels of $size" "$(size shown.gray)" $((${size/x/*}))
done

# Sequences start anywhere, a hole in one is told, and frames of several kinds are taken.
mkdir seq
make -f lavfi -i testsrc2=s=320x240:r=30:d=0.5 -start_number 1007 seq/f%05d.png
export_ok seq/f%05d.png --fps 24
is "a sequence" "$(probe out.mp4 avg_frame_rate),$(frames out.mp4)" "24/1,15"
rm seq/f01012.png
run 1 export seq/f%05d.png --fps 24 -o out.mp4 -y -e "$encoder"
says "seq/f01012.png is missing"
is "frames before a hole" "$(frames out.mp4)" 5
run 1 export seq/nothing%05d.png -o other.mp4
[ ! -e other.mp4 ] || fail "a sequence of nothing made a file"
make -f lavfi -i testsrc2=s=320x240:r=30:d=0.2 seq/j%02d.jpg
export_ok seq/j%02d.jpg
is "JPEG keeps its range" "$(probe out.mp4 color_range,chroma_location)" "pc,center"
if "$pixfer" info 2>/dev/null | grep -q swscale; then
    make -f lavfi -i testsrc2=s=320x240:r=30:d=0.2 -pix_fmt pal8 seq/p%02d.png
    export_ok seq/p%02d.png
    says "pal8 frames are brought to rgba"
fi

# Irregular times survive, those of a constant rate lose the rounding of the container.
make -f lavfi -i testsrc2=s=320x240:r=30:d=2 -vf "select='not(mod(n,3))+not(mod(n,7))'" -vsync vfr -c:v ffv1 -pix_fmt bgr0 vfr.mkv
times() { ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | sort -n | tr '\n' ' '; }
close() { paste -d, <(times vfr.mkv | tr ' ' '\n') <(times out.mp4 | tr ' ' '\n') | awk -F, 'NF == 2 && ($1 - $2 > 0.0006 || $2 - $1 > 0.0006)' | grep -c .; }
export_ok vfr.mkv
is "irregular times that moved" "$(close)" 0
is "irregular frames" "$(frames out.mp4)" "$(frames vfr.mkv)"
export_ok vfr.mkv --fps 10
is "--fps" "$(times out.mp4 | cut -c1-28)" "0.000000 0.100000 0.200000 0"
make -f lavfi -i testsrc2=s=320x240:r=60:d=0.5 -c:v ffv1 -pix_fmt bgr0 cfr.mkv
export_ok cfr.mkv
is "a constant rate" "$(probe out.mp4 avg_frame_rate,r_frame_rate)" "60/1,60/1"

# Asking whether the converter takes a format is no error, whoever listens.
make -f lavfi -i testsrc2=s=64x48:r=10:d=0.3 -pix_fmt gray -c:v ffv1 gray.mkv
PIXFER_LOG=error run 0 export gray.mkv -o out.mp4 -y -q -e "$encoder"
[ ! -s err ] || fail "an export that succeeds says: $(cat err)"
finish
