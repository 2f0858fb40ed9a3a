#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Containers that can be read only once: all that is in them arrives, its audio too.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

video="-f lavfi -i testsrc2=s=96x64:r=30:d=3"
audio="-f lavfi -i sine=r=48000:d=3"
make $video $audio -c:v mpeg4 -c:a aac -movflags +faststart whole.mp4
make $video $audio -c:v ffv1 -pix_fmt bgr0 -c:a flac whole.mkv
make $video $audio -c:v mpeg2video -q:v 4 -c:a mp2 whole.ts
head -c $(($(size whole.mp4) * 60 / 100)) whole.mp4 >cut-whole.mp4
for file in whole.mp4 whole.mkv whole.ts; do
    for name in /dev/stdin pipe:0 fifo; do
        [ $name != fifo ] || { rm -f fifo && mkfifo fifo && cat $file >fifo & }
        [ $name != fifo ] || sleep 0.2
        cat $file | "$pixfer" export $name -o out.mp4 -y -e "$encoder" -q 2>err || fail "$file through $name: $(cat err)"
        is "frames of $file through $name" "$(frames out.mp4)" 90
        is "audio of $file through $name" "$(ffprobe -v error -select_streams a -show_entries stream=duration -of csv=p=0 out.mp4 | cut -c1-3)" 3.0
    done
done
cat whole.mkv | run 1 export /dev/stdin --loop 2 -o none.mp4 -e "$encoder"
says "it cannot loop"
only out.mp4
cat cut-whole.mp4 | run 1 export /dev/stdin -o out.mp4 -y -e "$encoder"
says "it is cut off: it says that it has 90 frames"
head -c $(($(size whole.mkv) * 60 / 100)) whole.mkv | run 1 export /dev/stdin -o out.mp4 -y -e "$encoder"
says "it is cut off: its segment "
says "out.mp4 holds the "
make $video $audio -c:v mpeg4 -c:a aac behind.mp4
cat behind.mp4 | run 1 export /dev/stdin -o none.mp4 -e "$encoder"
says "its index lies behind its frames"
[ ! -e none.mp4 ] || fail "an index that cannot be reached made a file"
finish
