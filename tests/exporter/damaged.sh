#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Files that were cut off, and packets that are broken.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

video="-f lavfi -i testsrc2=s=96x64:r=30:d=3"
audio="-f lavfi -i sine=r=48000:d=3"

# ---- Cut at 60 %: the frames before it, and 1 where the container proves that there were more ----
make $video $audio -c:v mpeg4 -c:a aac -movflags +faststart whole.mp4
make $video $audio -c:v mpeg4 -c:a aac -movflags frag_keyframe+empty_moov fragments.mp4
make $video $audio -c:v ffv1 -pix_fmt bgr0 -c:a flac whole.mkv
make $video $audio -c:v mpeg2video -q:v 4 -c:a mp2 whole.ts
make $video -c:v mjpeg whole.avi
make $video -c:v flv whole.flv
make $video -pix_fmt yuv420p whole.y4m
make $video whole.gif
for file in whole.mp4 fragments.mp4 whole.mkv whole.ts whole.avi whole.flv whole.y4m whole.gif; do
    export_ok $file
    is "frames of $file" "$(frames out.mp4)" 90
    head -c $(($(size $file) * 60 / 100)) $file >cut-$file
    [ $(($(size cut-$file) % 188)) != 0 ] || head -c 100 whole.ts >>cut-$file
    run 1 export cut-$file -o out.mp4 -y -e "$encoder"
    says "it is cut off: "
    says "out.mp4 holds the "
    found=$(frames out.mp4)
    [ "${found:-0}" -ge 40 ] && [ "$found" -le 60 ] || fail "$file cut at 60 % gives '$found' frames"
done

make $video $audio -c:v mpeg4 -c:a aac behind.mp4
head -c $(($(size behind.mp4) * 60 / 100)) behind.mp4 >cut-behind.mp4
run 1 export cut-behind.mp4 -o none.mp4 -e "$encoder"
says "cut-behind.mp4: "
says "moov atom not found"

# ---- A packet that cannot be decoded ----
make $video $audio -c:v png -c:a flac -bsf:v "noise=amount='if(eq(n,38),1,0)'" broken.mkv
export_ok broken.mkv --stats stats.json
packets=$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 broken.mkv)
is "frames beside a broken packet" "$(frames out.mp4)" $((packets - 1))
says "1 packet of broken.mkv could not be decoded and was left out"
grep -q '"skipped": 1' stats.json || fail "stats.json does not count the packet: $(cat stats.json)"
run 1 export broken.mkv --stop-on-error -o out.mp4 -y -e "$encoder"
says "cannot be read: "
found=$(frames out.mp4)
[ "${found:-0}" -ge 30 ] && [ "$found" -le 40 ] || fail "--stop-on-error leaves '$found' frames, expected about 38"
make $video -c:v mpeg4 -q:v 2 good.mkv
make -i good.mkv -c copy -bsf:v "noise=amount='if(eq(n,38),300,0)'" bruised.mkv
export_ok bruised.mkv
says "of bruised.mkv "
says "damaged: what is missing is covered up"
grep -F "[mpeg4 @" err && fail "the decoder's own lines are shown"
run 1 export bruised.mkv --stop-on-error -o out.mp4 -y -e "$encoder"
says "cannot be read: "
found=$(frames out.mp4)
[ "${found:-0}" -ge 30 ] && [ "$found" -le 39 ] || fail "--stop-on-error leaves '$found' frames before the damaged one, expected about 38"
make $video -c:v png -bsf:v "noise=amount=1" noise.mkv
run 1 export noise.mkv -o none.mp4 -e "$encoder"
[ ! -e none.mp4 ] || fail "nothing that can be decoded made a file"

# Ranges of what cannot be sought in.
make $video -pix_fmt rgba -f rawvideo in.rgba
cat in.rgba | "$pixfer" export - -s 96x64 -r 30 --frames 40:50 -o out.mp4 -y -e "$encoder" -q || fail "a range of a pipe: exit status $?"
is "frames of a range of a pipe" "$(frames out.mp4)" 10
cat in.rgba | "$pixfer" export - -s 96x64 -r 30 --frames 80: -o out.mp4 -y -e "$encoder" -q || fail "the rest of a pipe: exit status $?"
is "frames of the rest of a pipe" "$(frames out.mp4)" 10
finish
