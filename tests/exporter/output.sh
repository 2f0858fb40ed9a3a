#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# The writer: what OUT.part and OUT say, and when.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
driver=$2

# drive STATUS FILE COMMAND...: one after the other.
drive() {
    local expected=$1 file=$2 status=0
    shift 2
    printf '%s\n' "$@" >commands
    { "$driver" "$file" <commands >out 2>err || status=$?; } 2>/dev/null
    [ "$status" = "$expected" ] || fail "driver $file: exit status $status, expected $expected: $(cat err)"
}

# many KIND FIRST LAST STEP
many() {
    for ((n = $2; n <= $3; n += $4)); do echo "$1 $n"; done
}

# times FILE STREAM: when its packets are presented, in seconds, on one line.
times() {
    ffprobe -v error -select_streams "$2" -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d , | sort -n | tr '\n' ' '
}

# both NAME COMMAND...: the same commands once to the end and once killed when everything has been on the disk for a moment: in NAME
# lie out.mp4 and killed.mp4.part then, in which every packet has to be at the same time. Runs beside what follows, until `wait`.
both() {
    local name=$1
    shift
    mkdir "$name"
    (
        cd "$name" || exit
        failures=0
        drive 0 out.mp4 open "$@" end finalise
        drive 137 killed.mp4 open "$@" "wait 900" idle kill
        [ ! -s err ] || fail "$(cat err)"
        for stream in v a; do
            is "times of $stream in $name" "$(times killed.mp4.part $stream)" "$(times out.mp4 $stream)"
        done
        only out.mp4
        echo $failures >failures
    ) &
}

described=("rotation 90" "aspect 4 3" "meta title Ein Titel" "meta artist Someone" "meta comment a, b = c" "meta encoder a recorder 1.0"
           "language deu" "chapter 0 1000000 One" "chapter 1000000 5000000 Two")
mapfile -t media < <(many sound 0 0 1; many video 0 59 1; many sound 1024 94208 1024)
both described "audio aac" "${described[@]}" start "${media[@]}"
# A frame lasts until the next one, also over the end of a fragment,
both irregular "base 1 1000" start "video 0" "video 10" "video 700" "video 733" "video 1900" "video 1901" "video 4000" "video 4033"
# and where the writer could not wait for the next frame.
both slow "base 1 1000" start "video 0" "wait 850" idle "video 700" "video 1900" "wait 850" idle "video 1950" "video 4000"
# Also if that one comes sooner than the rate says.
both sooner "base 1 1000" start "video 0" "wait 850" idle "video 10" "video 33" "wait 850" idle "video 34" "video 50"
# Nanoseconds, with gaps beyond 2^31 of them.
both nanoseconds "base 1 1000000000" start "video 0" "video 1000000000" "video 3500000000" "video 4500000000" "video 4500000001"
# Nothing is shown before the first frame.
both late start "$(many video 30 60 1)"
both one_late start "$(many video 1 20 1)"
both b_frames "mpeg4 1" start "$(many video 0 40 1)"
# Audio that starts late.
for codec in aac ac3; do
    both ${codec}_known "audio $codec" start "video 0" "sound 96000" "$(many video 1 80 1)" "sound 97536"
    both ${codec}_in_turn "audio $codec" start "$(many video 0 62 1)" "sound 96000" "$(many video 63 80 1)" "sound 97536"
    both ${codec}_waited "audio $codec" start "$(many video 0 40 1)" "wait 900" idle "$(many video 41 70 1)" "sound 96000" "sound 97536"
done
wait
for name in */failures; do
    is "failures in ${name%/*}" "$(cat "$name")" 0
done

# ---- What the file says of itself ----
for file in described/killed.mp4.part described/out.mp4; do
    tags=$(ffprobe -v error -show_entries format_tags=title,artist,comment,encoder -of default=nk=1:nw=1 "$file" | sort | tr '\n' '|')
    is "tags of $file" "$tags" "Ein Titel|Someone|a recorder 1.0|a, b = c|"
    is "language in $file" "$(ffprobe -v error -select_streams a -show_entries stream_tags=language -of csv=p=0 "$file")" deu
    is "aspect of $file" "$(probe "$file" sample_aspect_ratio | tr -d ,)" 4:3
    is "rotation of $file" "$(ffprobe -v error -show_entries stream_side_data=rotation -of csv=p=0 "$file" | tr -d ,)" -90
    is "chapters of $file" "$(ffprobe -v error -show_entries chapter=start_time:chapter_tags=title -of csv=p=0 "$file" | tr '\n' '|')" \
        "0.000000,One|1.000000,Two|"
done
is "the end of the last chapter" "$(ffprobe -v error -show_entries chapter=end_time -of csv=p=0 described/out.mp4 | tail -1)" 2.000000

# ---- Times ----
is "irregular times" "$(times irregular/out.mp4 v)" "0.000000 0.010000 0.700000 0.733000 1.900000 1.901000 4.000000 4.033000 "
is "slow and irregular times" "$(times slow/out.mp4 v)" "0.000000 0.700000 1.900000 1.950000 4.000000 "
is "times in nanoseconds" "$(times nanoseconds/out.mp4 v)" "0.000000 1.000000 3.500000 4.500000 4.500011 "
is "a late start" "$(times late/out.mp4 v | cut -d' ' -f1)" 1.000000
is "a start one frame late" "$(times one_late/out.mp4 v | cut -d' ' -f1)" 0.033333
for file in a??_*/out.mp4; do
    is "the start of the audio in $file" "$(times "$file" a | cut -d' ' -f1)" 2.000000
done

# None at all.
for codec in aac ac3; do
    rm -f out.mp4
    drive 0 out.mp4 open "audio $codec" start "$(many video 0 40 1)" end finalise
    is "frames without the $codec that was announced" "$(frames out.mp4)" 41
done
# The one before time 0, that decoders warm up on, after the header is written.
rm -f killed.mp4.part
drive 137 killed.mp4 open "audio aac" start "$(many video 0 40 1)" "wait 900" idle "sound -1024" "$(many sound 0 20480 1024)" \
    "wait 900" idle kill
is "packets of audio that came late" "$(times killed.mp4.part a | wc -w)" 22

# ---- Killed: what has been written for a second is on the disk ----
rm -f killed.mp4.part
drive 137 killed.mp4 open start "video 0" "wait 850" idle kill
is "the only frame" "$(frames killed.mp4.part)" 1
# Also beside audio that goes on.
rm -f killed.mp4.part
mapfile -t sounds < <(for ((i = 0; i < 20; i++)); do echo "sound $((i * 1024))"; echo "wait 50"; done)
drive 137 killed.mp4 open "audio aac" start "video 0" "${sounds[@]}" kill
is "the only frame beside audio" "$(frames killed.mp4.part)" 1
rm -f killed.mp4.part
drive 137 killed.mp4 open start "$(many video 0 100 1)" kill
[ "$(frames killed.mp4.part)" -ge 75 ] || fail "of 101 frames $(frames killed.mp4.part) are there without waiting"

# ---- A callback ----
rm -f ./*.mp4*
drive 0 none.mp4 "open callback" "audio aac" "${described[@]}" start "${media[@]}" end finalise
mv out streamed
is "frames through a callback" "$(frames streamed)" 60
is "tags through a callback" "$(ffprobe -v error -show_entries format_tags=title -of csv=p=0 streamed)" "Ein Titel"
[ -z "$(ls ./*.mp4* 2>/dev/null)" ] || fail "a callback leaves $(ls ./*.mp4*)"
printf '%s\n' "open callback" start "$(many video 0 2000 1)" end finalise >commands
"$driver" none.mp4 <commands 2>err | head -c 5000 >/dev/null
is "status where the reader goes" "${PIPESTATUS[0]}" 1
says "Broken pipe; its reader has gone"

# ---- A child after fork() touches nothing of its parent's ----
drive 0 out.mp4 open start "$(many video 0 40 1)" fork "$(many video 41 80 1)" fork end finalise
is "frames after fork" "$(frames out.mp4)" 81

# ---- What an earlier export left ----
drive 0 kept.mp4 open start "$(many video 0 99 1)" keep
kept=$(cat out)
is "frames of what was kept" "$(frames kept.mp4.part)" "$kept"
drive 1 kept.mp4 open start
says "kept.mp4.part exists, what was kept of an export that ended early: it holds $kept frames and plays"
is "what was kept, after a refusal" "$(frames kept.mp4.part)" "$kept"
# With leave to overwrite, it goes when something better comes, not before.
drive 0 kept.mp4 "open overwrite" start
is "what was kept, before the first frame" "$(frames kept.mp4.part)" "$kept"
drive 0 kept.mp4 "open overwrite" start "$(many video 0 9 1)" end finalise
is "frames instead" "$(frames kept.mp4)" 10
[ ! -e kept.mp4.part ] || fail "kept.mp4.part is still there"
: >empty.mp4.part
drive 0 empty.mp4 open start "$(many video 0 9 1)" end finalise
is "frames beside an empty part" "$(frames empty.mp4)" 10
head -c 3000 /dev/urandom >foreign.mp4.part
cp foreign.mp4.part foreign
drive 1 foreign.mp4 open start
says "foreign.mp4.part exists, 3000 bytes without a complete fragment"
same foreign foreign.mp4.part "somebody else's file"
finish
