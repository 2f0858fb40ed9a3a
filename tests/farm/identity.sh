#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The joined file is the same whoever made the segments, in whatever order and however often, and beside an export in one piece it has the same
# frames at the same times.
. "$(dirname "$0")/common.sh"

# B-frames, an open GOP, and audio that is copied.
make -f lavfi -i testsrc2=size=320x180:rate=30 -f lavfi -i sine=frequency=440:sample_rate=44100 -t 4.3 -c:v libx264 -preset medium -g 40 \
    -x264-params open-gop=1:bframes=3 -c:a aac in.mp4

"$pixfer" export in.mp4 -o one.mp4 -e libx264 -q || fail "export in one piece"
for n in 1 2 7 64; do
    "$pixfer" export in.mp4 -o "s$n.mp4" -e libx264 -q --gop 999 --segments "$n" --jobs 2 2>err || fail "--segments $n: $(cat err)"
    like one.mp4 "s$n.mp4" "$n segments"
    nearly one.mp4 "s$n.mp4" 30
    is "key frames of $n segments" "$(ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 "s$n.mp4" | grep -c K)" "$n"
done
[ -z "$(find . -name '*.segments')" ] || fail "the folder of segments is left"

# Another order, repeated, from other folders, with other numbers of processors, several at once: the same bytes.
plan in.mp4 --segments 7 --gop 999
is "segments" "$(count)" 7
segments 6 2 4 0 1 5 3 3 0
join a.mp4
same s7.mp4 a.mp4 "plan and export"
first=$id
mkdir -p else/where other
cp -p in.mp4 other/in.mp4
cp plan.json else/plan.json
for k in 3 1 0 2 6 5 4; do
    (cd else/where && taskset -c 0 "$pixfer" segment ../plan.json --index $k -C ../../work -i ../../other/in.mp4 -q 2>err) ||
        fail "segment $k elsewhere: $(cat else/where/err)"
done
(cd other && "$pixfer" join ../plan.json -C ../work -o ../b.mp4 -q) || fail "join elsewhere"
same a.mp4 b.mp4 "another folder"
plan in.mp4 --segments 7 --gop 999
is "the plan again" "$id" "$first"
rm -r "$id"
for k in 0 1 2 3 4 5 6 0 1 2; do "$pixfer" segment plan.json --index $k -q & done
wait
join c.mp4
same a.mp4 c.mp4 "all at once"
is "left beside segments" "$(ls "$id" | grep -vc '^0000[0-6].mp4$')" 0

# A segment that is there is left alone; one more than there are is told apart from a task without work.
before=$(stat -c %Y%i "$id/00003.mp4")
run 0 segment plan.json --index 3
says "already there"
is "the segment" "$(stat -c %Y%i "$id/00003.mp4")" "$before"
run 1 segment plan.json --index 7
says "there is no segment 7, expected 0 to 6"

# The moments of a scheduler.
for name in SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX AWS_BATCH_JOB_ARRAY_INDEX PIXFER_SEGMENT_INDEX; do
    env "$name=5" "$pixfer" segment plan.json --index auto 2>err || fail "$name: $(cat err)"
    says "segment 5 is already there"
done
run 2 segment plan.json --index auto
says "found none of"
SLURM_ARRAY_TASK_ID=x run 2 segment plan.json --index auto
says "SLURM_ARRAY_TASK_ID: found 'x', expected a whole number"

# Tasks: a group of pictures each at least, the others have nothing to do.
plan in.mp4 --tasks 8
is "segments of 8 tasks" "$(count)" 1
plan in.mp4 --tasks 8 --gop 50
is "segments of 8 tasks of 50 frames" "$(count)" 2
run 0 segment plan.json --index 7
says "nothing to do"
run 1 segment plan.json --index 8
plan in.mp4 --segment-seconds 1
is "segments of a second" "$(count)" 5

# A segment of one frame, and each of one frame.
make -f lavfi -i testsrc2=size=64x48:rate=10 -t 0.7 -c:v ffv1 short.mkv
"$pixfer" export short.mkv -o short.mp4 -e libx264 -q
for n in 3 7 99; do
    "$pixfer" export short.mkv -o "short$n.mp4" -e libx264 -q --segments "$n" 2>err || fail "one frame: $(cat err)"
    like short.mp4 "short$n.mp4" "short, $n"
    nearly short.mp4 "short$n.mp4" 25
done
finish
