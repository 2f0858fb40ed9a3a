#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Memory that is refused and disks that fill up at any point: either OUT is complete, or what was written is in OUT.part, and the
# exit status says which. shortage.sh PIXFER DRIVER FAULTY_SYSTEM [STEP [SEED]]: every STEPth allocation of the finalising.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
driver=$2 faulty=$3 step=${4:-31} seed=${5:-$RANDOM}
[ -n "$faulty" ] && [ -e "$faulty" ] || { echo "skipped: nothing can be preloaded here"; exit 77; }
RANDOM=$seed
echo "seed $seed"

count=60
{
    printf '%s\n' "open" "audio aac" "meta title A title" "language deu" "rotation 90" "chapter 0 1000000 One" start "sound -1024"
    for ((i = 0; i < count; i++)); do echo "video $i"; echo "sound $((i * 1024))"; done
    echo end
} >commands
{ cat commands; echo finalise; } | "$driver" whole.mp4 2>err || fail "without a shortage: $(cat err)"
whole=$(size whole.mp4)

# contents FILE: all that it says and when each packet is shown.
contents() {
    ffprobe -v error -show_format -show_streams -show_chapters -show_packets "$1" 2>&1 | grep -v '^filename=\|^id='
}

# verdict STATUS WHAT: what is there afterwards.
verdict() {
    if [ "$1" = 0 ]; then
        cmp -s whole.mp4 out.mp4 || [ "$(contents whole.mp4)" = "$(contents out.mp4)" ] ||
            fail "$2, exit status 0, OUT is another: $(diff <(contents whole.mp4) <(contents out.mp4) | head -5)"
        [ ! -e out.mp4.part ] || fail "$2: OUT and OUT.part are there"
    elif [ "$1" != 1 ]; then
        fail "$2: exit status $1: $(tail -2 err)"
    elif [ -e out.mp4 ]; then
        fail "$2: exit status 1, but there is an OUT"
    fi
    for left in out.mp4.*.final; do
        [ ! -e "$left" ] || fail "$2 leaves $left"
    done
}

# ---- Memory, while finalising: nothing is lost ----
tried=0 failed=0
for ((n = 1; ; n += step)); do
    rm -f out.mp4*
    status=0
    { cat commands; printf '%s\n' "refuse $n" finalise; } | LD_PRELOAD=$faulty "$driver" out.mp4 2>err >/dev/null || status=$?
    if [ $status = 3 ]; then
        verdict 0 "finalising with fewer than $n allocations"
        break
    fi
    tried=$((tried + 1))
    verdict $status "without allocation $n of the finalising"
    if [ $status = 1 ]; then
        failed=$((failed + 1))
        [ "$(frames out.mp4.part)" = $count ] || fail "without allocation $n OUT.part holds '$(frames out.mp4.part)' frames: $(cat err)"
    fi
    [ "$failures" -lt 5 ] || break
done
[ $failed -gt 3 ] || fail "of $tried refused allocations only $failed were noticed"
echo "finalising: $tried allocations refused one at a time, $failed times OUT.part stayed"

# ---- Memory, at any time of a whole export of a container with audio ----
# An abort is libavcodec's own (av_assert0 where a default cannot be stored, or a picture has no buffer), and is the only thing that
# pixfer cannot turn into a line.
make -f lavfi -i testsrc2=s=160x120:r=30:d=1 -f lavfi -i sine=d=1 -c:v libx264 -preset ultrafast -c:a aac in.mkv
LD_PRELOAD=$faulty "$pixfer" export in.mkv -e "$encoder" -q -o in.mp4 || fail "an export without a shortage"
tried=0 complete=0 kept=0 aborted=0 stride=$((step * 3 + 2)) last=1
for ((n = 1; n - last < 2000; n += stride)); do
    rm -f out.mp4*
    status=0
    (LD_PRELOAD=$faulty PIXFER_TEST_REFUSE=$n exec timeout 60 "$pixfer" export in.mkv -e "$encoder" -o out.mp4 >err 2>&1) 2>/dev/null || status=$?
    tried=$((tried + 1))
    case $status in
        0)
            frames=$(frames out.mp4) complete=$((complete + 1))
            [ "$frames" = 30 ] || grep -q "packets\? of in.mkv .*\(gave no frame\|left out\|damaged\)" err ||
                fail "without allocation $n: exit status 0 for $frames of 30 frames: $(grep -v x264 err | tail -3)"
            ;;
        1)
            kept=$((kept + 1)) last=$n
            grep -q '^pixfer: ' err || fail "without allocation $n: exit status 1, and no line says why: $(cat err)"
            ;;
        134) aborted=$((aborted + 1)) last=$n ;;
        *) fail "without allocation $n: exit status $status: $(tail -3 err)" ;;
    esac
    [ "$failures" -lt 5 ] || break
done
[ $kept -gt 10 ] || fail "of $tried refused allocations only $kept were noticed"
echo "whole exports: $tried allocations refused one at a time, $complete complete, $kept refused with a line, $aborted aborted in libavcodec"

# ---- A disk that fills up: at any byte ----
full=0
for ((i = 0; i < 120 / step + 10; i++)); do
    room=$((RANDOM * 32768 % (whole * 2 + 4096)))
    [ $i = 0 ] && room=$((whole + whole / 2)) # while OUT is being made of OUT.part
    rm -f out.mp4*
    status=0
    { cat commands; echo finalise; } | PIXFER_TEST_ROOM=$room LD_PRELOAD=$faulty "$driver" out.mp4 2>err >/dev/null || status=$?
    verdict $status "room for $room bytes"
    [ $status = 0 ] || { full=$((full + 1)); says "No space left on device; free some space"; }
    if [ $status = 1 ] && grep -q '^finalise' err; then
        is "frames of OUT.part, room for $room bytes" "$(frames out.mp4.part)" $count
    fi
done
[ $full -gt 0 ] || fail "no disk was full"

# ---- A limit on file size: through the whole tool ----
make -f lavfi -i testsrc2=s=320x240:r=30:d=3,noise=alls=60:allf=t -pix_fmt rgba -f rawvideo noise.rgba
for ((i = 0; i < 60 / step + 4; i++)); do
    rm -f out.mp4*
    blocks=$((RANDOM % 3000 + 1)) status=0
    (ulimit -f $blocks; exec "$pixfer" export noise.rgba -s 320x240 -r 30 -e "$encoder" -q -o out.mp4 2>err) || status=$?
    if [ $status = 0 ]; then
        is "frames with $blocks blocks" "$(frames out.mp4)" 90
        only out.mp4
    else
        is "exit status with $blocks blocks" $status 1
        grep -q "File too large" err || fail "with $blocks blocks: $(cat err)"
        [ ! -e out.mp4 ] || fail "with $blocks blocks there is an out.mp4"
        if grep -q "nothing was kept" err; then
            [ ! -e out.mp4.part ] || fail "with $blocks blocks nothing was kept, but there is a part"
        else
            says "keeps $(frames out.mp4.part) frames and plays"
        fi
    fi
done
finish
