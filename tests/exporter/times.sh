#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Clocks that jump: what was recorded is there, gaps are bounded, and a line says so.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds() {
    ffprobe -v error -show_entries format=duration -of csv=p=0 "$1" | cut -d. -f1
}

clip="-f lavfi -i testsrc2=s=64x48:r=30:d=2 -f lavfi -i sine=r=48000:d=2 -c:v mpeg2video -q:v 2 -c:a mp2"
make $clip -output_ts_offset 10 a.ts
make $clip -output_ts_offset 3610 later.ts
make $clip -output_ts_offset 1 earlier.ts

# Joined: the second begins an hour later, or before the first.
cat a.ts later.ts >forward.ts
export_ok forward.ts
says "its times jump by +3598"
is "frames across an hour" "$(frames out.mp4)" 120
length=$(seconds out.mp4)
[ "$length" -ge 13 ] && [ "$length" -le 15 ] || fail "an hour's jump makes $length s, expected 14"
is "lines about a jump" "$(grep -c 'its times jump' err)" 1
cat a.ts earlier.ts >backward.ts
export_ok backward.ts
says "its times jump by -"
is "frames across a step back" "$(frames out.mp4)" 120
is "length across a step back" "$(seconds out.mp4)" 4

# Matroska tells when frames are shown, not when they are decoded; frames that are reordered are no jump, however far apart they are.
for rate in 30 8 1; do
    make -f lavfi -i testsrc2=s=64x48:r=$rate -frames:v 24 -c:v mpeg4 -bf 2 reordered.mkv
    [ "$encoder" = libx264 ] && make -f lavfi -i testsrc2=s=64x48:r=$rate -frames:v 24 -c:v libx264 -bf 6 reordered.mkv
    export_ok reordered.mkv
    grep -q "its times jump" err && fail "B-frames at $rate a second are taken for a jump: $(cat err)"
    is "frames of B-frames at $rate a second" "$(frames out.mp4)" 24
    is "length of B-frames at $rate a second" "$(seconds out.mp4)" $((24 / rate))
done

# A gap that no other stream fills, shortened only where it is longer than that; images are shown as long as they say.
make -f lavfi -i testsrc2=s=64x48:r=1:d=4 -vf "setpts='if(lt(N,2),N,N+3600)/TB'" -vsync vfr -c:v ffv1 -pix_fmt bgr0 hole.mkv
export_ok hole.mkv
says "its times jump by +"
length=$(seconds out.mp4)
[ "$length" -ge 13 ] && [ "$length" -le 15 ] || fail "a hole of an hour makes $length s, expected 14"
make -f lavfi -i testsrc2=s=64x48:r=1:d=4 -vf "setpts='if(lt(N,2),N,N+7)/TB'" -vsync vfr -c:v ffv1 -pix_fmt bgr0 pause.mkv
export_ok pause.mkv
is "length of a pause of eight seconds" "$(seconds out.mp4)" 11
grep -q "its times jump" err && fail "a pause of eight seconds is reported"
make -f lavfi -i testsrc2=s=64x48:r=1/20:d=60 slow.gif
export_ok slow.gif
is "length of a slow GIF" "$(seconds out.mp4)" 60
make -f lavfi -i testsrc2=s=64x48:r=1:d=3 -start_number 1 s%02d.png
export_ok s%02d.png --fps 1/20
is "length of a slow sequence" "$(seconds out.mp4)" 60

# Another rate than its own takes the frames away from their audio, unless the audio is taken along.
make $clip clip.mkv
export_ok clip.mkv -r 60
says "has 30 frames per second and is shown at 60: its audio does not match"
for option in --retime --no-audio; do
    export_ok clip.mkv -r 60 $option
    grep -q "does not match" err && fail "-r 60 $option warns of audio: $(cat err)"
done
export_ok clip.mkv -r 30
grep -q "does not match" err && fail "an input's own rate warns of audio: $(cat err)"
finish
