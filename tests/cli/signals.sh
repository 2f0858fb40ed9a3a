#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# SIGINT, SIGTERM and SIGHUP during an export: none is lost, none waits for a stage that does not move, and what is said is true.
source "$(dirname "$0")/common.sh"
stuck=$2 rounds=${3:-10}
bytes $((64 * 48 * 4 * 30)) >in.rgba
raw="-s 64x48 -r 30 --progress none"
mkfifo pipe silent

# start ARGUMENT...: an export of $input in the background, with SIGINT and SIGHUP as a terminal would have them; comes back when it catches signals.
input=/dev/null
start() {
    perl -e '$SIG{INT} = $SIG{HUP} = "DEFAULT"; exec @ARGV' "$pixfer" export "$@" 2>err <$input &
    pid=$!
    for ((i = 0; i < 200; i++)); do
        if [ -r /proc/$pid/status ]; then
            grep -q "^Name:[[:space:]]*${pixfer##*/}$" /proc/$pid/status &&
                (((0x0$(sed -n 's/^SigCgt:[[:space:]]*//p' /proc/$pid/status) & 0x4003) == 0x4003)) && break
        elif [ $i = 20 ]; then
            break
        fi
        sleep 0.05
    done
}

# ended STATUS WHAT: within 10 seconds, which no wait of the tool's comes near; else it is killed.
ended() {
    local status=0
    for ((i = 0; i < 200; i++)); do
        kill -0 $pid 2>/dev/null || break
        sleep 0.05
    done
    if kill -9 $pid 2>/dev/null; then
        fail "$2: still running after 10 s; stderr: $(cat err)"
        wait $pid 2>/dev/null
        return
    fi
    wait $pid || status=$?
    [ $status = "$1" ] || fail "$2: exit status $status, expected $1; stderr: $(cat err)"
}

# said TEXT WHAT: it is on stderr within 10 seconds.
said() {
    for ((i = 0; i < 200; i++)); do
        grep -qF -- "$1" err && return
        sleep 0.05
    done
    fail "$2: stderr is '$(cat err)', expected it to contain '$1'"
}

# ---- The first one is answered at once, whatever is waited for, and ends an export that has not begun ----
for signal in INT TERM HUP; do
    start silent $raw -o out.mp4
    kill -$signal $pid
    said "finishing" "SIG$signal while the input does not open"
    ended 130 "SIG$signal while the input does not open"
    says "nothing was written"
    start in.rgba $raw -o out.mp4 -a silent
    kill -$signal $pid
    said "finishing" "SIG$signal while the audio does not open"
    ended 130 "SIG$signal while the audio does not open"
    for file in out.mp4*; do
        [ ! -e "$file" ] || fail "SIG$signal before the first frame has left $file"
    done
done

# ---- What is said of an interrupted export is so, with -q too ----
for quiet in "" -q; do
    exec 9<>pipe
    input=pipe start - $raw -o out.mp4 -y $quiet
    cat in.rgba >&9
    sleep 0.5
    kill -INT $pid
    ended 130 "SIGINT $quiet"
    exec 9>&-
    [ -s out.mp4 ] || fail "SIGINT $quiet has not finished the file"
    grep -q "nothing was written" err && fail "SIGINT $quiet: the file is there, but: $(cat err)"
    [ -z "$quiet" ] || [ ! -s err ] || fail "SIGINT -q: stderr is '$(cat err)'"
    rm -f out.mp4
done

# ---- Two, close together, while frames keep coming: the second counts in every run ----
for ((round = 0; round < rounds; round++)); do
    (while cat in.rgba; do :; done) >pipe 2>/dev/null &
    feeder=$!
    input=pipe start - $raw -o out.mp4 -y
    for ((i = 0; i < 100; i++)); do
        [ -s out.mp4.part ] && break
        sleep 0.02
    done
    kill -INT $pid
    sleep 0.0$((round % 10))
    kill -INT $pid 2>/dev/null
    ended 130 "two SIGINTs, round $round"
    kill $feeder 2>/dev/null
    wait $feeder 2>/dev/null
    grep -qE "nothing was written|finished out.mp4|out.mp4.part keeps" err || fail "two SIGINTs, round $round: stderr is '$(cat err)'"
    rm -f out.mp4*
done

# ---- An encoder that does not come back ----
if [ -n "$stuck" ] && [ -e "$stuck" ] && [ -z "$PIXFER_TEST_SANITIZED" ]; then
    export PIXFER_TEST_STICK_AT=20
    LD_PRELOAD=$stuck start in.rgba $raw -e libx264 --stats stats.json -o out.mp4
    sleep 0.5
    kill -INT $pid
    said "finishing" "SIGINT beside a stuck encoder"
    kill -0 $pid 2>/dev/null || fail "one SIGINT beside a stuck encoder has ended the process"
    kill -INT $pid
    ended 130 "two SIGINTs beside a stuck encoder"
    says "stopped; "
    [ ! -e out.mp4.part ] || says "stopped; out.mp4.part"
    for file in stats.json.*; do
        [ ! -e "$file" ] || fail "a stopped export has left $file"
    done
    rm -f out.mp4* stats.json
    LD_PRELOAD=$stuck start in.rgba $raw -e libx264 -o out.mp4
    sleep 0.5
    kill -INT $pid
    sleep 0.05
    kill -TERM $pid
    sleep 0.05
    kill -HUP $pid
    ended 130 "three signals beside a stuck encoder"
    rm -f out.mp4*
fi
finish
