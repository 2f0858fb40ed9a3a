#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Which files an export touches: names, links, permissions, descriptors.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

frame=$((64 * 48 * 4))
make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -pix_fmt rgba -f rawvideo in.rgba
raw="-s 64x48 -r 30 -e $encoder --progress none"
make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -c:v mpeg4 -f mp4 x.mp4.final
cp x.mp4.final precious

# nothing WHAT: an export that was refused has left no file of that name.
nothing() {
    [ -z "$(ls -A "$2" 2>/dev/null)" ] || fail "$1 leaves $(ls -A "$2")"
}

# ---- Names ----
mkdir names
for name in "rec-12:30:00.mp4" "file:x.mp4" "with space.mp4" "-dash.mp4" "%05d.mp4" "no-extension" "a.m4v" $'new\nline.mp4'; do
    run 0 export in.rgba $raw -o "names/$name"
    is "frames of $name" "$(cd names && cat -- "$name" | ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 -)" 30
done
rm -rf names && mkdir names
(cd names && run 0 export ../in.rgba $raw -o "rec-12:30:00.mp4")
[ -f "names/rec-12:30:00.mp4" ] || fail "rec-12:30:00.mp4 in the working folder is not there"
rm -rf names && mkdir names
for name in a.mkv a.webm a.avi a.ts a.gif a.h264 a.y4m a.png; do
    run 1 export in.rgba $raw -o "names/$name"
    says "the name ends in .${name#a.}, expected .mp4"
done
nothing "the name of another container" names
long=$(printf 'x%.0s' $(seq 246)).mp4 # 250 bytes, 255 with .part
run 0 export in.rgba $raw -o "names/$long"
is "frames under a name of 250 bytes" "$(frames "names/$long")" 30
rm -f names/*
run 1 export in.rgba $raw -o "names/xx$long"
says "File name too long; the name has to leave room for .part"
run 1 export in.rgba $raw -o nowhere/out.mp4
says "No such file or directory; create the folder first"
run 1 export in.rgba $raw -o in.rgba/out.mp4
says "Not a directory"
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 555 locked
    run 1 export in.rgba $raw -o locked/out.mp4
    says "Permission denied"
fi
mkdir out.mp4.part
run 1 export in.rgba $raw -o out.mp4 -y
says "out.mp4.part exists and is no regular file"
rmdir out.mp4.part
mkfifo out.mp4.part
run 1 export in.rgba $raw -o out.mp4 -y
says "out.mp4.part exists and is no regular file"
rm out.mp4.part
ln -s precious out.mp4.part
run 1 export in.rgba $raw -o out.mp4 -y
says "out.mp4.part exists and is no regular file"
same precious x.mp4.final "what a link called .part points to"
rm out.mp4.part
nothing "a refusal" names

# ---- Nothing but OUT and OUT.part is touched ----
run 0 export x.mp4.final -e "$encoder" --progress none -o x.mp4
same precious x.mp4.final "an input called OUT.final"
rm -f x.mp4
ln -s precious out.mp4.final
run 0 export in.rgba $raw -o out.mp4
same precious x.mp4.final "what a link called OUT.final points to"
[ -L out.mp4.final ] || fail "a link called OUT.final is gone"
rm -f out.mp4*

# Links: a file of that name is there, and where it is replaced, it is the link that goes.
ln -s nowhere.mp4 out.mp4
run 1 export in.rgba $raw -o out.mp4
says "out.mp4 exists, a symbolic link"
[ ! -e nowhere.mp4 ] || fail "a link was followed"
run 0 export in.rgba $raw -o out.mp4 -y
[ -f out.mp4 ] && [ ! -L out.mp4 ] || fail "a link to nothing was not replaced"
rm out.mp4
ln -s precious out.mp4
run 1 export in.rgba $raw -o out.mp4
run 0 export in.rgba $raw -o out.mp4 -y
same precious x.mp4.final "what OUT, a link, points to"
is "frames in place of a link" "$(frames out.mp4)" 30
rm out.mp4
mkfifo out.mp4
run 1 export in.rgba $raw -o out.mp4 -y
says "is no regular file"
rm out.mp4

# ---- The input is not the output, whatever it is called ----
cp precious in.mp4
ln in.mp4 hard.mp4
for input in in.mp4 ./in.mp4 file:in.mp4 hard.mp4; do
    run 1 export "$input" -e "$encoder" --progress none -o in.mp4 -y
    says "input and output are the same file"
done
run 1 export in.rgba $raw --audio in.mp4 -o in.mp4 -y
ln in.mp4 other.mp4.part
run 1 export in.mp4 -e "$encoder" --progress none -o other.mp4 -y
says "input and output are the same file"
cp in.rgba raw.mp4
run 1 export - $raw -o raw.mp4 -y <raw.mp4
says "input and output are the same file"
for file in in.mp4 hard.mp4 other.mp4.part; do
    same precious "$file" "an input that was to be the output"
done
same in.rgba raw.mp4 "standard input that was to be the output"
rm -f hard.mp4 other.mp4.part raw.mp4

# ---- Permissions of what is replaced ----
for mode in 600 640 664; do
    echo old >out.mp4
    chmod $mode out.mp4
    run 0 export in.rgba $raw -o out.mp4 -y
    is "permissions of a file that was replaced" "$(stat -c %a out.mp4 2>/dev/null || stat -f %Lp out.mp4)" $mode
done
rm -f out.mp4
(umask 027 && run 0 export in.rgba $raw -o out.mp4)
is "permissions of a new file" "$(stat -c %a out.mp4 2>/dev/null || stat -f %Lp out.mp4)" 640

# ---- Standard streams that are closed ----
mv out.mp4 reference.mp4
for closed in "0<&-" "1>&-" "2>&-" "0<&- 1>&- 2>&-" "1>&- 2>&-"; do
    rm -f out.mp4
    status=0
    eval "\"\$pixfer\" export in.rgba $raw -v -o out.mp4 $closed" 2>/dev/null || status=$?
    is "exit status with $closed" "$status" 0
    same reference.mp4 out.mp4 "with $closed"
done
rm -f out.mp4

# ---- Killed before the first frame ----
mkfifo pipe
"$pixfer" export - $raw -o out.mp4 <pipe 2>err &
pid=$!
exec 9>pipe
wait_for [ -e out.mp4.part ]
run 1 export in.rgba $raw -o out.mp4
says "another export is writing it"
{ kill -9 $pid; wait $pid; } 2>/dev/null
exec 9>&-
is "what an early kill leaves" "$(size out.mp4.part)" 0
run 0 export in.rgba $raw -o out.mp4
is "frames after an early kill" "$(frames out.mp4)" 30
only out.mp4

# ---- Many at once for one name: one of them has it, the others say so ----
rm -f out.mp4
for n in 1 2 3 4 5 6; do
    { "$pixfer" export in.rgba $raw --loop 20 -o out.mp4 -y 2>err.$n; echo $? >status.$n; } &
done
wait
[ "$(cat status.? | sort -u | tr -d '\n')" = 01 ] || [ "$(cat status.? | sort -u | tr -d '\n')" = 0 ] ||
    fail "exports at once end with $(cat status.?)"
grep -qx 0 status.? || fail "none of the exports at once succeeded"
for n in 1 2 3 4 5 6; do
    [ "$(cat status.$n)" = 0 ] || grep -q "another export is writing it" err.$n || fail "of exports at once one says '$(cat err.$n)'"
done
is "frames of the one that had the name" "$(frames out.mp4)" 600
only out.mp4
finish
