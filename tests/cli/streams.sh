#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Standard input, output and error that are closed, full or gone.
source "$(dirname "$0")/common.sh"
bytes $((64 * 48 * 4 * 30)) >in.rgba
raw="-s 64x48 -r 30"

# ended WHAT STATUS EXPECTED
ended() {
    [ "$2" = "$3" ] || fail "$1: exit status $2, expected $3; stderr: $(cat err)"
}

# With all three closed no message gets into the video: it is the one made with them open.
run 0 export in.rgba $raw -o open.mp4
"$pixfer" export in.rgba $raw -o closed.mp4 <&- >&- 2>&-
ended "an export with its streams closed" $? 0
same open.mp4 closed.mp4 "closed streams"
"$pixfer" convert -s 64x48 in.rgba closed.nv12 <&- >&- 2>&-
ended "a conversion with its streams closed" $? 0
run 0 convert -s 64x48 in.rgba open.nv12
same open.nv12 closed.nv12 "a conversion with closed streams"

# What was asked for and could not be given is a failure, with one line.
one_line() {
    [ "$(grep -c . err)" = 1 ] || fail "$1: found $(grep -c . err) lines on stderr, expected one: $(cat err)"
}
for arguments in "--version" "--help" "help export" "export --help" "info" "info --json" "convert -s 64x48 in.rgba" \
    "export in.rgba $raw -o x.mp4 -y -q --progress json"; do
    # shellcheck disable=SC2086
    "$pixfer" $arguments 2>err >&-
    ended "pixfer $arguments with standard output closed" $? 1
    one_line "pixfer $arguments with standard output closed"
    [ -e /dev/full ] || continue
    # shellcheck disable=SC2086
    "$pixfer" $arguments 2>err >/dev/full
    ended "pixfer $arguments to a full disk" $? 1
    one_line "pixfer $arguments to a full disk"
    says "No space left on device"
done
"$pixfer" export - $raw -o x.mp4 -y -q 2>err <&-
ended "an export of a closed standard input" $? 1
one_line "an export of a closed standard input"
"$pixfer" convert -s 64x48 2>err <&- >out
ended "a conversion of a closed standard input" $? 1
one_line "a conversion of a closed standard input"

# A reader of the progress that has gone: the file is complete all the same, and the status says that something is missing.
status=0
(
    trap '' PIPE
    "$pixfer" export in.rgba $raw -o gone.mp4 -q --progress json 2>err
    echo $? >gone.status
) | true
[ "$(cat gone.status)" = 1 ] || fail "progress into a closed pipe: exit status $(cat gone.status), expected 1"
one_line "progress into a closed pipe"
same open.mp4 gone.mp4 "an export whose progress nobody reads"
nothing_left "a stream that is closed"
finish
