#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# pixfer export -o -: the video, and nothing but the video, on standard output.
source "$(dirname "$0")/common.sh"
bytes $((64 * 48 * 4 * 90)) >in.rgba
raw="-s 64x48 -r 30"

# decoded FILE FRAMES WHAT
decoded() {
    command -v ffprobe >/dev/null || return
    local found
    found=$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1")
    [ "$found" = "$2" ] || fail "$3: found '$found' frames, expected $2"
}

"$pixfer" export in.rgba $raw -o - -v 2>err | cat >piped.mp4
[ "${PIPESTATUS[0]}" = 0 ] || fail "export -o - through a pipe: $(cat err)"
decoded piped.mp4 90 "export -o -"
says "standard output: 90 frames"
[ "$(head -c 8 piped.mp4 | tail -c 4)" = ftyp ] || fail "standard output does not begin with the file type"
run 0 export in.rgba $raw -o - -q
decoded out 90 "export -o - into a file"
[ ! -s err ] || fail "export -o - -q: stderr is '$(cat err)'"
for file in ./-* "standard output"*; do
    [ ! -e "$file" ] || fail "export -o - has made a file '$file'"
done
run 1 export missing.mkv -o -
[ ! -s out ] || fail "a failed export has written to standard output: $(head -c 100 out)"

# Statistics go beside it; progress as JSON has no place.
run 0 export in.rgba $raw -o - -q --stats stats.json
grep -q '"path": "standard output"' stats.json || fail "the statistics of a pipe are $(cat stats.json)"
grep -q "\"bytes\": $(size out)" stats.json || fail "the statistics tell of $(grep bytes stats.json) bytes, expected $(size out)"
run 2 export in.rgba $raw -o - --progress json

# A reader that goes away, and a full disk: one line, and a failure.
status=0
(
    "$pixfer" export in.rgba $raw -o - -q --loop 100 2>err
    echo $? >status
) | head -c 100 >/dev/null
[ "$(cat status)" = 1 ] || fail "a reader that goes away: exit status $(cat status), expected 1"
says "Broken pipe"
[ "$(grep -c . err)" = 1 ] || fail "a reader that goes away: stderr is '$(cat err)'"
if [ -e /dev/full ]; then
    "$pixfer" export in.rgba $raw -o - -q 2>err >/dev/full
    [ $? = 1 ] || fail "a full standard output does not fail"
    says "No space left on device"
    [ "$(grep -c . err)" = 1 ] || fail "a full standard output: stderr is '$(cat err)'"
fi
"$pixfer" export in.rgba $raw -o - -q 2>err >&-
[ $? = 1 ] || fail "a closed standard output does not fail"

# Interrupted: complete up to there.
mkfifo feed
exec 9<>feed
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$pixfer" export - $raw -o - <feed >cut.mp4 2>err &
pid=$!
cat in.rgba >&9
sleep 1
kill -INT $pid
status=0
wait $pid || status=$?
exec 9>&-
[ $status = 130 ] || fail "interrupted: exit status $status; stderr: $(cat err)"
says "finishing"
says "interrupted; finished standard output: 90 frames"
decoded cut.mp4 90 "an interrupted pipe"

# Video does not go to a terminal.
if [ "$(uname)" = Linux ] && command -v script >/dev/null; then
    script -qec "$pixfer export in.rgba $raw -o -" /dev/null </dev/null >terminal 2>&1
    [ $? = 2 ] || fail "to a terminal: expected exit status 2"
    grep -q "standard output is a terminal" terminal || fail "to a terminal: $(head -c 300 terminal)"
fi
finish
