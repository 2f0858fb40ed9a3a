#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The tool as Windows runs it: the same bytes as here, names, pipes, what ends it, and what it leaves then.

. "$(dirname "$0")/common.sh"
raw=(--size 256x128 --format rgba --fps 30)
make_frames() { ffmpeg -v error -f lavfi -i testsrc2=size=256x128:rate=30 -frames:v "$1" -f rawvideo -pix_fmt rgba -y "$2"; }
make_frames 45 in.rgba

# ---- The same bytes ----
"$native" export in.rgba "${raw[@]}" -q -o here.mp4
status 0 pixfer export in.rgba "${raw[@]}" -q -o there.mp4
same here.mp4 there.mp4
[ ! -e there.mp4.part ] || fail "there.mp4.part stays behind"
pixfer export - "${raw[@]}" -q -o piped.mp4 <in.rgba || fail "export from a pipe"
same here.mp4 piped.mp4
"$native" convert --size 256x128 in.rgba -o here.nv12
status 0 pixfer convert --size 256x128 in.rgba -o there.nv12
same here.nv12 there.nv12
pixfer convert --size 256x128 - -o - <in.rgba | cmp - here.nv12 || fail "convert from a pipe into a pipe"
ls *.part >/dev/null 2>&1 && fail "a part stays behind"

# An input that libavformat reads, an image sequence, and audio that is copied.
ffmpeg -v error -f lavfi -i testsrc2=size=256x128:rate=30 -f lavfi -i sine -t 1 -c:v ffv1 -c:a flac clip.mkv
"$native" export clip.mkv -q --no-audio -o clip-here.mp4
status 0 pixfer export clip.mkv -q --no-audio -o clip-there.mp4
same clip-here.mp4 clip-there.mp4
status 0 pixfer export clip.mkv -q -o clip-audio.mp4
[ "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 clip-audio.mp4)" = aac ] || fail "no audio"
mkdir Bilder
ffmpeg -v error -i clip.mkv -frames:v 5 Bilder/ä%03d.png
status 0 pixfer export 'Bilder\ä%03d.png' -q -o sequence.mp4
[ "$(frames_of sequence.mp4)" = 5 ] || fail "the sequence has $(frames_of sequence.mp4) frames, expected 5"

# ---- Names ----
status 0 pixfer export in.rgba "${raw[@]}" -q -o 'Größe 日本 🎬.mp4'
same here.mp4 'Größe 日本 🎬.mp4'
long=$(printf 'a%.0s' {1..120})
mkdir -p "$long/$long/$long"
status 0 pixfer export in.rgba "${raw[@]}" -q -o "$long\\$long\\$long\\out.mp4"
same here.mp4 "$long/$long/$long/out.mp4"
status 0 pixfer export "$long/$long/$long/out.mp4" -q -o again.mp4
status 1 pixfer export in.rgba "${raw[@]}" -q -o 'rec-12:30.mp4'
says "Invalid argument"
[ ! -e rec-12 ] || fail "a stream of a file was written"
status 1 pixfer export in.rgba "${raw[@]}" -q -o 'none\out.mp4'
says "create the folder first"
status 1 pixfer export none.rgba "${raw[@]}" -q -o out.mp4
says "No such file or directory"

# ---- What exists ----
status 1 pixfer export in.rgba "${raw[@]}" -q -o there.mp4
says "there.mp4 exists; --overwrite replaces it"
status 0 pixfer export in.rgba "${raw[@]}" -q -y -o there.mp4
same here.mp4 there.mp4
status 1 pixfer export clip.mkv -q -y -o clip.mkv
mkdir folder.mp4
status 1 pixfer export in.rgba "${raw[@]}" -q -y -o folder.mp4
says "is a folder"
cp here.mp4 other.mp4
status 1 pixfer export other.mp4 -q -y -o ./other.mp4
says "same file"
same here.mp4 other.mp4
status 1 pixfer convert --size 256x128 in.rgba -o there.nv12
says "exists; --overwrite replaces it"

# ---- What ends it ----
driver=$build/tests/windows/windows_driver.exe
exe=$build/tools/pixfer/pixfer.exe
check_driver() { [ "$(tr -d '\r' <out)" = "$1" ] || { fail "the program ended with $(cat out), expected $1"; cat err; }; }
status 0 wine_run "$driver" end "$exe" export - "${raw[@]}" -q -o end.mp4
check_driver 0
[ "$(frames_of end.mp4)" = 40 ] || fail "end.mp4 has $(frames_of end.mp4) frames, expected 40: bytes 0x1A end no input"
status 0 wine_run "$driver" kill "$exe" export - "${raw[@]}" -q -o killed.mp4
check_driver 137
[ ! -e killed.mp4 ] || fail "killed.mp4 is there"
[ "$(frames_of killed.mp4.part)" -ge 25 ] || fail "killed.mp4.part plays $(frames_of killed.mp4.part) frames, expected 25 at least"
status 0 wine_run "$driver" interrupt "$exe" export - "${raw[@]}" -o interrupted.mp4
check_driver 130
says "interrupted; finished interrupted.mp4"
[ "$(frames_of interrupted.mp4)" -ge 40 ] || fail "interrupted.mp4 has $(frames_of interrupted.mp4) frames, expected 40"
[ ! -e interrupted.mp4.part ] || fail "interrupted.mp4.part stays behind"
status 0 wine_run "$driver" closed "$exe" convert --size 256x128 - -o -
check_driver 1
says "Broken pipe"

# ---- A disk that is full ----
full() { LD_PRELOAD=$full_disk PIXFER_TEST_ROOM=$1 PIXFER_TEST_ERROR=$2 pixfer "${@:3}"; }
status 1 full 20000 ENOSPC export in.rgba "${raw[@]}" -o full.mp4
says "No space left on device; free some space or write elsewhere with -o"
[ ! -e full.mp4 ] || fail "full.mp4 is there"
make_frames 120 longer.rgba
status 1 full 200000 ENOSPC export longer.rgba "${raw[@]}" --crf 10 -o later.mp4
says "No space left on device"
if [ -e later.mp4.part ]; then
    [ "$(frames_of later.mp4.part)" -ge 1 ] || fail "later.mp4.part does not play"
else
    fail "later.mp4.part is not there"
fi
status 1 full 20000 ENOSPC convert --size 256x128 in.rgba -o full.nv12
says "No space left on device"
ls full.nv12* >/dev/null 2>&1 && fail "something stays of full.nv12"
status 1 pixfer convert --size 256x128 in.rgba -o '\\?\unix\dev\full'
says "No space left on device"

# ---- What it says of itself ----
status 0 pixfer info
grep -q 'libx264 *yes' out || fail "no libx264"
grep -q 'h264_mf *no' out || fail "h264_mf is not told of"
status 1 pixfer export in.rgba "${raw[@]}" -q --encoder h264_mf -o mf.mp4
says "h264_mf does not open"
[ ! -e mf.mp4 ] && [ ! -e mf.mp4.part ] || fail "something stays of mf.mp4"
status 0 pixfer bench convert --seconds 0.1
finish
