#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Inputs that are not what their names say, or larger than they look.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -c:v mpeg4 -f mpegts secret.ts
make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -c:v mpeg4 secret.mp4

# refused NAME TEXT [OPTION...]
refused() {
    local name=$1 text=$2
    shift 2
    run 1 export "$name" -o out.mp4 -e "$encoder" "$@"
    says "$text"
    only "out.mp4*"
}

# Playlists pull in what their author wants.
printf '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n%s/secret.ts\n#EXT-X-ENDLIST\n' "$PWD" >hls.mp4
printf 'ffconcat version 1.0\nfile %s/secret.mp4\n' "$PWD" >concat.mp4
printf '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1000"><BaseURL>%s/secret.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>\n' "$PWD" >dash.mp4
printf 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n' >sdp.mp4
for kind in hls concat dash sdp; do
    refused $kind.mp4 "which pixfer does not read"
done
printf 'ffconcat version 1.0\nfile secret.mp4\n' >list.ffconcat
refused list.ffconcat "which pixfer does not read"
refused "concat:secret.ts|secret.ts" "No such file"
refused "subfile,,start,0,end,1000,,:secret.mp4" "No such file"

# A small PNG of many pixels is refused before memory is got for them, given by itself and in a sequence.
make -f lavfi -i color=black:s=64x48:r=1:d=1 -frames:v 1 huge01.png
printf '\000\000\116\040\000\000\076\200' | dd of=huge01.png bs=1 seek=16 conv=notrunc 2>/dev/null # 20000x16000
for name in huge01.png huge%02d.png; do
    ([ -n "$PIXFER_TEST_SANITIZED" ] || ulimit -v 1500000; "$pixfer" export $name -o out.mp4 -e "$encoder" 2>err)
    is "exit status of $name" $? 1
    grep -q "^pixfer: source: $name: .*\(size\|20000x16000, expected at most 268435456 pixels (--max-pixels)\)" err ||
        fail "$name: no reason about its size: $(cat err)"
    [ $name != huge01.png ] || ! grep -q "^pixfer: .*\[" err || fail "$name: what libavcodec says is shown: $(cat err)"
    only "out.mp4*"
done

# Under that limit, but not under libavcodec's; and none that an encoder takes.
printf '\000\000\100\000\000\000\100\000' | dd of=huge01.png bs=1 seek=16 conv=notrunc 2>/dev/null # 16384x16384
refused huge01.png "its frames are 16384x16384, expected at most 264225025 pixels"
run 1 export - -s 16384x16384 -o out.mp4 -e "$encoder" </dev/null
says "encoder: frames are 16384x16384, expected at most"

# A media file is no raw frames, unless nothing speaks against it.
refused secret.mp4 "not raw frames of 64x48" --size 64x48 --fps 30
refused secret.mp4 "leave out --size" --size 8x8 --fps 30
# Through a pipe, too; but frames of one byte are frames, whatever byte it is.
make -f lavfi -i testsrc2=s=64x48:r=30:d=1 -c:v ffv1 secret.mkv
for name in secret.mp4 secret.mkv secret.ts; do
    run 1 export - --size 64x17 --fps 30 -o out.mp4 -e "$encoder" < <(cat $name)
    says "source: - is "
    says "not raw frames of 64x17"
    only "out.mp4*"
done
for byte in 0 107 377; do # nothing, the sync byte of a transport stream, that of MPEG audio
    run 0 export - --size 64x48 --fps 30 -o out.mp4 -y -e "$encoder" < <(head -c $((64 * 48 * 4)) /dev/zero | tr '\0' "\\$byte")
done
rm -f out.mp4
head -c $((64 * 48 * 4 * 3 + 5)) /dev/zero >zeros.rgba
run 1 export zeros.rgba --size 64x48 --fps 30 -o out.mp4 -e "$encoder"
says "frame 3 is truncated"
is "frames of zeros" "$(frames out.mp4)" 3
finish
