#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Names of inputs, and of the files of a sequence: the right reason, before any work.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

refused() {
    run 1 export "$1" -o out.mp4 -e "$encoder" || true
    says "$2"
    only "out.mp4*"
}

make -f lavfi -i testsrc2=s=64x48:r=30:d=0.3 -c:v ffv1 -pix_fmt bgr0 clip.mkv
mkdir seq && make -f lavfi -i testsrc2=s=64x48:r=30:d=0.3 seq/f%03d.png

# A number of two thousand million digits is no number.
timeout 30 "$pixfer" export "%2147321094d" -o out.mp4 2>err
is "exit status of a number with many digits" $? 1
says "%2147321094d: No such file"

# Colons, percent signs, and nearly as many bytes as a name may have.
cp clip.mkv rec-12:30:00.mkv
export_ok rec-12:30:00.mkv
is "frames of a name with colons" "$(frames out.mp4)" 9
cp -r seq "at 100%:x"
export_ok "at 100%:x/f%03d.png"
is "frames in a folder with a percent sign" "$(frames out.mp4)" 9
cp -r seq percent && (cd percent && for f in f*; do mv "$f" "1%$f"; done)
export_ok "percent/1%%f%03d.png"
is "frames of names with a percent sign" "$(frames out.mp4)" 9
long=$(bytes 240 | tr -c 'a-z' x)
mkdir long && for n in 001 002 003; do cp seq/f$n.png "long/$long$n.png"; done
export_ok "long/$long%03d.png"
is "frames of long names" "$(frames out.mp4)" 3
rm "long/${long}002.png"
run 1 export "long/$long%03d.png" -o out.mp4 -y -e "$encoder"
says "002.png is missing, while the sequence goes on to number 3"
# The number may be a folder's.
for n in 07 08 09; do mkdir shot$n && cp seq/f0${n}.png shot$n/50%.png; done
export_ok shot%02d/50%.png
is "frames of numbered folders" "$(frames out.mp4)" 3
rm shot08/50%.png
run 1 export shot%02d/50%.png -o out.mp4 -y -e "$encoder"
says "shot08/50%.png is missing, while the sequence goes on to number 9"
# libavformat's padding is a width, not an exact count.
mkdir grow && cp seq/f001.png grow/f99.png && cp seq/f002.png grow/f100.png
export_ok grow/f%02d.png
is "numbers that outgrow their width" "$(frames out.mp4)" 2
rm -f out.mp4

# What cannot be read is found before frames are encoded.
refused seq/none%03d.png "there is no file of that pattern"
ln -s nowhere.png seq/f010.png
refused seq/f%03d.png "seq/f010.png: a link to a file that is not there"
rm seq/f010.png && mkdir seq/f010.png
refused seq/f%03d.png "seq/f010.png is no regular file"
rmdir seq/f010.png && : >seq/f010.png
refused seq/f%03d.png "seq/f010.png is empty"
export_ok seq/f%03d.png --frames 0:9
# An image that is none is left out like any packet that cannot be decoded, and the last one is not missing for it.
rm seq/f010.png && cp -r seq bad && bytes 100 >bad/f005.png
export_ok bad/f%03d.png
says "1 packet of bad/f%03d.png could not be decoded and was left out"
is "frames beside an image that is none" "$(frames out.mp4)" 8
run 1 export bad/f%03d.png -o out.mp4 -y -e "$encoder" --stop-on-error
says "frame 4 cannot be read"
rm bad/f007.png
run 1 export bad/f%03d.png -o out.mp4 -y -e "$encoder"
says "bad/f007.png is missing"
rm -f out.mp4
if [ "$(id -u)" != 0 ]; then
    chmod 000 seq/f005.png
    refused seq/f%03d.png "seq/f005.png: Permission denied"
fi
refused seq "seq: Is a directory"
refused foo://clip.mkv "foo://clip.mkv: No such file"
finish
