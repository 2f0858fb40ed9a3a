#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# What goes wrong outside the tool: every failure has its line and its status, and leaves nothing half done under the output's name.
source "$(dirname "$0")/common.sh"
bytes $((64 * 48 * 4 * 3)) >three.rgba
run 0 convert --size 64x48 three.rgba three.nv12

# A truncated last frame: what is complete is kept, and the run has failed.
head -c $((64 * 48 * 4 * 2 + 100)) three.rgba >cut.rgba
run 1 convert --size 64x48 cut.rgba cut.nv12
says "cut.rgba: frame 2 is truncated: found 100 bytes, expected 12288; 2 complete frames were converted"
head -c $((64 * 48 * 3 / 2 * 2)) three.nv12 >two.nv12
same cut.nv12 two.nv12 "the complete frames of a truncated file"
bytes $((640 * 480 * 4 * 4)) >large.rgba
head -c $((640 * 480 * 4 + 900000)) large.rgba >deep.rgba # deeper than one read
run 1 convert --size 640x480 deep.rgba deep.nv12
says "deep.rgba: frame 1 is truncated: found 900000 bytes, expected 1228800; 1 complete frames were converted"
head -c 100 three.rgba >stump.rgba
run 1 convert --size 64x48 stump.rgba stump.nv12
says "frame 0 is truncated"
[ ! -e stump.nv12 ] || fail "an input without a complete frame has made an output"
run 1 convert --size 64x48 - empty.nv12 </dev/null
says "standard input is empty, expected frames of 12288 bytes"
run 1 convert --size 64x48 --frames 5:9 three.rgba late.nv12
says "ends before frame 5"

# Inputs that cannot be read.
run 1 convert --size 64x48 missing.rgba x.nv12
says "missing.rgba cannot be read: No such file"
run 2 convert --size 64x48 . x.nv12
says ". is a directory"

# An existing output is left alone unless --overwrite is given; special files are written as they are.
echo precious >kept.nv12
run 1 convert --size 64x48 three.rgba kept.nv12
says "kept.nv12 exists; --overwrite replaces it"
[ "$(cat kept.nv12)" = precious ] || fail "an existing output was changed"
run 1 convert --size 64x48 --overwrite missing.rgba kept.nv12
run 1 convert --size 64x48 --overwrite stump.rgba kept.nv12
[ "$(cat kept.nv12)" = precious ] || fail "a failed run has replaced the output"
run 0 convert --size 64x48 --overwrite three.rgba kept.nv12
same kept.nv12 three.nv12 "--overwrite"
run 0 convert --size 64x48 three.rgba /dev/null
[ -c /dev/null ] || fail "/dev/null was replaced"
run 1 convert --size 64x48 three.rgba nowhere/x.nv12
says "nowhere/x.nv12 cannot be written: No such file"
(umask 027 && "$pixfer" convert --size 64x48 three.rgba mask.nv12)
[ "$(ls -l mask.nv12 | cut -c1-10)" = -rw-r----- ] || fail "the output's mode is $(ls -l mask.nv12 | cut -c1-10), expected that of the umask"

# A full disk, as a file and as standard output.
if [ -e /dev/full ]; then
    run 1 convert --size 64x48 three.rgba /dev/full
    says "/dev/full: writing failed: No space left on device"
    status=0
    "$pixfer" convert --size 64x48 three.rgba >/dev/full 2>err || status=$?
    [ $status = 1 ] || fail "standard output full: exit status $status"
    says "standard output: writing failed: No space left on device"
fi

# A reader that goes away ends the run quietly, also when whoever started it ignores SIGPIPE.
"$pixfer" convert --size 640x480 large.rgba 2>err | head -c 10 >/dev/null
[ "${PIPESTATUS[0]}" = 141 ] || fail "closed pipe: exit status ${PIPESTATUS[0]}, expected 141"
[ ! -s err ] || fail "closed pipe: stderr is '$(cat err)'"
(trap '' PIPE && "$pixfer" convert --size 640x480 large.rgba 2>err; echo $? >status) | head -c 10 >/dev/null
[ "$(cat status)" = 141 ] || fail "closed pipe with SIGPIPE ignored: exit status $(cat status), expected 141"

# Interrupted: the part is removed.
mkfifo feed
for signal in INT TERM; do
    # A background job of a script ignores SIGINT, and so would the tool.
    perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$pixfer" convert --size 64x48 feed "$signal.nv12" 2>err &
    pid=$!
    exec 9>feed
    cat three.rgba >&9
    for ((i = 0; i < 100; i++)); do compgen -G "$signal.nv12.*.part" >/dev/null && break; sleep 0.05; done
    compgen -G "$signal.nv12.*.part" >/dev/null || fail "no part beside $signal.nv12 while it is written"
    [ ! -e $signal.nv12 ] || fail "$signal.nv12 has its name before it is complete"
    kill -$signal $pid
    status=0
    wait $pid || status=$?
    exec 9>&-
    [ $status = $((128 + $(kill -l $signal))) ] || fail "SIG$signal: exit status $status"
    [ ! -e $signal.nv12 ] || fail "SIG$signal has left an output"
done

# Pixels do not go to a terminal.
if [ "$(uname)" = Linux ] && command -v script >/dev/null; then
    script -qec "$pixfer convert --size 64x48 three.rgba" /dev/null </dev/null >terminal 2>&1
    [ $? = 2 ] || fail "to a terminal: exit status $?, expected 2"
    grep -q "standard output is a terminal" terminal || fail "to a terminal: $(cat terminal)"
fi
nothing_left "a failure"
finish
