#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Tasks that are killed at any moment, with SIGKILL or SIGTERM, and tried again: nothing under a final name is ever less than whole, 143 tells the
# scheduler, and the joined file is the one of a quiet day. usage: kill.sh PIXFER ROUNDS
. "$(dirname "$0")/common.sh"
rounds=$2
RANDOM=7

make -f lavfi -i testsrc2=size=480x270:rate=30 -f lavfi -i sine=sample_rate=48000 -t 5 -c:v libx264 -g 30 -c:a pcm_s16le in.mov
plan in.mov --segments 3 --preset medium
all_segments
join good.mp4
rm -r "$id"

# Whatever is there under a final name is whole.
look() {
    local file
    for file in "$id"/*.mp4; do
        [ -e "$file" ] || continue
        [ "$(frames "$file")" = 50 ] || fail "round $round: $file is not whole"
    done
}
kills=0 terms=0 done_in_time=0
for ((round = 0; round < rounds; round++)); do
    k=$((RANDOM % 3)) signal=$((RANDOM % 2 ? 9 : 15))
    [ $((RANDOM % 3)) = 0 ] && rm -f "$id/0000$k.mp4"
    if [ $((RANDOM % 5)) = 0 ] && [ "$("$pixfer" plan --status plan.json | sed -n 's/ of.*//p')" = 3 ]; then
        "$pixfer" join plan.json -o out.mp4 -y -q 2>err &
    else
        "$pixfer" segment plan.json --index $k -q 2>err &
    fi
    task=$!
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
    if kill -$signal $task 2>/dev/null; then
        status=0
        wait $task || status=$?
        case $signal$status in
            9137) kills=$((kills + 1)) ;;
            15143) terms=$((terms + 1)) ;;
            90 | 150) done_in_time=$((done_in_time + 1)) ;;
            *) fail "round $round: status $status after signal $signal: $(cat err)" ;;
        esac
        if [ "$signal$status" = 15143 ]; then
            [ ! -s err ] || grep -q "stopped by signal 15" err || fail "round $round: SIGTERM says '$(cat err)'"
        fi
    else
        wait $task || fail "round $round: $(cat err)"
        done_in_time=$((done_in_time + 1))
    fi
    look
    if [ -e out.mp4 ]; then
        same good.mp4 out.mp4 "round $round"
        rm out.mp4
    fi
done
all_segments
join out.mp4
same good.mp4 out.mp4 "after $rounds rounds"
is "what is left" "$(cd "$id" && echo *)" "00000.mp4 00001.mp4 00002.mp4"
is "what is left of joins" "$(echo out.mp4*)" "out.mp4"
echo "$rounds rounds: $kills killed, $terms terminated, $done_in_time done in time"
[ $((kills + terms)) -ge $((rounds / 6)) ] || fail "only $((kills + terms)) of $rounds tasks were killed"

# SIGTERM leaves nothing at all.
plan in.mov --preset veryslow
cp plan.json slow.json
"$pixfer" segment slow.json --index 0 -q &
task=$!
until [ -n "$(ls "$id" 2>/dev/null)" ] || ! kill -0 $task; do :; done
kill -15 $task
status=0
wait $task || status=$?
is "status" "$status" 143
is "left" "$(ls "$id" | wc -l)" 0
finish
