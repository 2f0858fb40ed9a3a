#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# An input that says nothing does not keep the export from stopping, whatever it is being asked for.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -c:v ffv1 -pix_fmt bgr0 clip.mkv

# listens: until the export has handlers for signals, and a while for it to get into its input.
listens() {
    for ((i = 0; i < 100; i++)); do
        caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
        [ -z "$caught" ] || [ $((16#$caught & 0x4003)) = $((0x4003)) ] && break
        sleep 0.1
    done
    sleep 0.5
}

# stopped_by SIGNAL WHAT ARGUMENT...: an export that hangs in its input ends with 130 and leaves nothing.
stopped_by() {
    local signal=$1 what=$2 status=0
    shift 2
    "$pixfer" export "$@" -o out.mp4 -e "$encoder" --progress none <&0 2>err &
    pid=$!
    listens
    kill -"$signal" "$pid"
    for ((i = 0; i < 200; i++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null && fail "SIG$signal, $what: still running after 20 s"
    wait "$pid" 2>/dev/null || status=$?
    is "exit status of SIG$signal, $what" "$status" 130
    only "out.mp4*"
}

mkfifo silent open
sleep 1000 >open & # somebody opened it, and writes nothing
writer=$!
trap 'kill $writer 2>/dev/null; rm -rf "$work"' EXIT
for signal in INT TERM HUP; do
    stopped_by $signal "a FIFO without a writer" silent
    stopped_by $signal "a FIFO with a silent writer" open
    stopped_by $signal "audio out of a FIFO" clip.mkv --audio open
    stopped_by $signal "raw frames out of a FIFO without a writer" silent -s 64x48 -r 30
done
stopped_by TERM "standard input that is silent" pipe:0 <open

# In the middle, too: what came is finished.
head -c 20000 clip.mkv >start
cat start open >silent &
feeder=$!
status=0
"$pixfer" export silent -o out.mp4 -e "$encoder" --progress none <&0 2>err &
pid=$!
listens
kill -INT $pid
for ((i = 0; i < 200; i++)); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done
kill -9 $pid 2>/dev/null
wait $pid || status=$?
kill $feeder 2>/dev/null
is "exit status of SIGINT in the middle of a container" "$status" 130
finish
