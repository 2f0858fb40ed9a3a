#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Real faults: what the export leaves behind, what it says, and with what status it ends.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

frame=$((320 * 240 * 4))
make -f lavfi -i testsrc2=s=320x240:r=30:d=10 -pix_fmt rgba -f rawvideo in.rgba
raw="-s 320x240 -r 30 -e $encoder --progress none"
[ "$encoder" = libx264 ] && raw="$raw --preset ultrafast"
mkfifo pipe

# feed COUNT: starts an export of the pipe, and gives it that many frames; the pipe stays open as 9.
feed() {
    local count=$1
    shift
    "$pixfer" export - $raw -o out.mp4 -y "$@" <pipe 2>err &
    pid=$!
    exec 9>pipe
    head -c $((frame * count)) in.rgba >&9
}

# done_with STATUS WHAT
done_with() {
    local status=0
    for ((i = 0; i < 300; i++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null && fail "$2: still running after 30 s"
    wait "$pid" || status=$?
    is "exit status of $2" "$status" "$1"
}

plays() {
    ffmpeg -nostdin -v error -i "$1" -f null - 2>errors || fail "$1 does not play"
    [ ! -s errors ] || fail "$1 does not play without errors: $(head -3 errors)"
}

# ---- Killed: all but what the encoder holds and the last second ----
feed 300
wait_for at_least out.mp4.part 100000
sleep 1.5
kill -9 "$pid"
wait "$pid" 2>/dev/null
exec 9>&-
plays out.mp4.part
kept=$(frames out.mp4.part)
[ "${kept:-0}" -ge 260 ] || fail "after kill -9 the part holds '$kept' of 300 frames, expected 260"
[ ! -e out.mp4 ] || fail "after kill -9 there is an out.mp4"
# What is left is not overwritten unasked.
run 1 export in.rgba $raw -o out.mp4
says "out.mp4.part exists"
is "the part after a refusal" "$(frames out.mp4.part)" "$kept"
rm -f out.mp4*

# ---- Interrupted: a finished file ----
for signal in INT TERM HUP; do
    feed 60
    sleep 1
    kill -$signal "$pid"
    done_with 130 "SIG$signal"
    exec 9>&-
    plays out.mp4
    is "frames after SIG$signal" "$(frames out.mp4)" 60
    says "interrupted; finished out.mp4: 60 frames"
    only out.mp4
    rm -f out.mp4
done
feed 0
sleep 0.5
kill -INT "$pid"
done_with 130 "SIGINT before the first frame"
exec 9>&-
only "out.mp4*"
# In the middle of a frame: the whole ones.
feed 30
head -c 1000 in.rgba >&9
sleep 0.7
kill -INT "$pid"
done_with 130 "SIGINT in a frame"
exec 9>&-
is "frames after SIGINT in a frame" "$(frames out.mp4)" 30
rm -f out.mp4*

# Twice: at once. An encoder that takes long over what it holds is still at it then.
if [ "$encoder" = libx264 ]; then
    make -f lavfi -i testsrc2=s=1280x720:r=30:d=3,noise=alls=40 -pix_fmt rgba -f rawvideo slow.rgba
    "$pixfer" export slow.rgba -s 1280x720 -r 30 -e libx264 --preset placebo --threads 1 -o out.mp4 --progress none 2>err &
    pid=$!
    wait_for grep -qs "output out.mp4" err # before that a signal may come too early for its handler
    sleep 1
    kill -INT "$pid"
    sleep 0.4
    kill -INT "$pid"
    begin=$SECONDS
    done_with 130 "SIGINT twice"
    [ $((SECONDS - begin)) -le 15 ] || fail "a second SIGINT took $((SECONDS - begin)) s"
    [ ! -e out.mp4 ] || fail "a second SIGINT finished the file"
    rm -f out.mp4* slow.rgba
fi

# ---- Truncated: what was whole, and a word about the rest ----
head -c $((frame * 20 + 777)) in.rgba >cut.rgba
run 1 export - $raw -o out.mp4 <cut.rgba
says "frame 20 is truncated: found 777 bytes, expected $frame; out.mp4 holds the 20 frames before it"
is "frames of a truncated file" "$(frames out.mp4)" 20
only out.mp4
rm -f out.mp4
cat cut.rgba | "$pixfer" export - $raw -o out.mp4 2>err && fail "a truncated pipe succeeds"
says "frame 20 is truncated: found 777 bytes"
is "frames of a truncated pipe" "$(frames out.mp4)" 20
rm -f out.mp4
run 1 export cut.rgba -s 1920x1080 -r 30 -o out.mp4 -e "$encoder"
says "has $((frame * 20 + 777)) bytes, expected at least the $((1920 * 1080 * 4)) of one rgba frame of 1920x1080"
run 1 export - $raw -o out.mp4 </dev/null
says "ended after 0 frames"
only "out.mp4*"
if [ "$encoder" = libx264 ]; then
    make -f lavfi -i testsrc2=s=320x240:r=30:d=4 -c:v mjpeg -q:v 2 whole.avi
    head -c $(($(size whole.avi) / 2)) whole.avi >half.avi
    "$pixfer" export half.avi -o out.mp4 -e libx264 -q 2>err
    [ "$(frames out.mp4)" -gt 30 ] || fail "half a file gives '$(frames out.mp4)' frames"
    rm -f out.mp4
fi

# ---- Full: the written part plays ----
noise="-f lavfi -i testsrc2=s=320x240:r=30:d=10,noise=alls=60:allf=t -pix_fmt rgba -f rawvideo"
make $noise noise.rgba
full() {
    is "exit status on a full disk ($2)" "$1" 1
    says "$3"
    says "out.mp4.part keeps"
    grep -c . err | grep -qx 1 || fail "more than one line on a full disk: $(cat err)"
    plays "$4.part"
    kept=$(frames "$4.part")
    grep -qF "keeps $kept frames" err || fail "the part holds $kept frames, but: $(cat err)"
    [ "${kept:-0}" -ge 15 ] || fail "the part on a full disk holds '$kept' frames"
    [ ! -e "$4" ] || fail "a full disk has an out.mp4"
}
status=0
(ulimit -f 1000; exec "$pixfer" export noise.rgba $raw -q -o out.mp4 2>err) || status=$?
full $status "ulimit" "File too large" out.mp4
rm -f out.mp4*
mkdir small
if mount -t tmpfs -o size=1m tmpfs small 2>/dev/null; then
    status=0
    "$pixfer" export noise.rgba $raw -q -o small/out.mp4 2>err || status=$?
    sed -i 's,small/out,out,g' err
    full $status "tmpfs" "No space left on device; free some space" small/out.mp4
    umount small
else
    echo "no tmpfs can be mounted here: the limit on file size stands for it"
fi

# ---- Outputs that cannot be ----
echo precious >out.mp4
run 1 export in.rgba $raw -o out.mp4
says "out.mp4 exists; --overwrite replaces it"
is "an output that exists" "$(cat out.mp4)" precious
run 1 export cut.rgba $raw -o out.mp4 -y --encoder nonsense
says "has no encoder 'nonsense'"
is "an output that was to be replaced" "$(cat out.mp4)" precious
run 1 export - $raw -o out.mp4 -y </dev/null
is "an output that nothing came for" "$(cat out.mp4)" precious
rm -f out.mp4
run 1 export in.rgba $raw -o nowhere/out.mp4
says "nowhere/out.mp4.part: No such file or directory; create the folder first"
mkdir folder
run 1 export in.rgba $raw -o folder -y
says "folder is a folder"
run 1 export in.rgba $raw -o in.rgba -y
says "input and output are the same file"
is "an input given as output" "$(size in.rgba)" $((frame * 300))
run 1 export nothing.mkv -o out.mp4
says "nothing.mkv: No such file or directory"
run 1 export in.rgba -o out.mp4
says "raw frames need --size"
run 1 export folder -s 2x2 -r 30 -o out.mp4
run 2 export - -s 320x240 -r 30 </dev/null
says "-o OUT.mp4"
run 2 export in.rgba -s 320x240 --loop 0 -o out.mp4
head -c $frame in.rgba | run 2 export - -s 320x240 -r 30 --loop 2 -o out.mp4
says "--loop reads the input again"
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 555 locked
    run 1 export in.rgba $raw -o locked/out.mp4
    says "Permission denied"
fi
only "out.mp4*"

# Two at once do not write into each other.
feed 5
wait_for [ -e out.mp4.part ]
run 1 export in.rgba $raw -o out.mp4 -y
says "another export is writing it"
exec 9>&-
done_with 0 "the one that was first"
is "frames of the one that was first" "$(frames out.mp4)" 5
rm -f out.mp4

# ---- An encoder that fails in the middle ----
if [ -n "$2" ] && [ -e "$2" ] && [ -z "$PIXFER_TEST_SANITIZED" ]; then
    status=0
    LD_PRELOAD=$2 PIXFER_TEST_FAIL_AT=100 "$pixfer" export in.rgba $raw -q -o out.mp4 2>err || status=$?
    is "exit status of a failing encoder" "$status" 1
    says "encode: "
    says "failed after"
    says "out.mp4.part keeps"
    plays out.mp4.part
    [ "$(frames out.mp4.part)" -ge 60 ] || fail "the part of a failing encoder holds '$(frames out.mp4.part)' frames"
    rm -f out.mp4.part
    # One that rounds times loses nothing.
    for off in 1 -1; do
        LD_PRELOAD=$2 PIXFER_TEST_OFF=$off "$pixfer" export in.rgba $raw -q -o out.mp4 -y --frames 0:30 2>err || fail "times off by $off: $(cat err)"
        is "frames whose times are off by $off" "$(frames out.mp4)" 30
    done
fi
finish
