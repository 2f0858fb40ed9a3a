#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# DROPIN PIXFER: frames that the stock ffmpeg makes under the drop-in are those of `pixfer convert`.
. "$(dirname "$0")/common.sh"
pixfer=$2
need_ffmpeg

# frames SIZE PIX_FMT: testsrc2 with noise, as in.raw
frames() {
    plain -f lavfi -i "testsrc2=size=644x364:rate=5:duration=0.6,noise=alls=40:allf=t,format=$2,crop=${1%x*}:${1#*x}" -f rawvideo in.raw
}

# check SIZE FROM TO PIXFER-FROM PIXFER-TO 'FFMPEG OPTIONS' 'CONVERT OPTIONS' LINE
check() {
    frames "$1" "$2"
    preloaded -f rawvideo -pix_fmt "$2" -s "$1" -i in.raw $6 -pix_fmt "$3" -f rawvideo out.ffmpeg
    says "taken: $1 "
    says "$8"
    "$pixfer" convert --size "$1" -f "$4" -t "$5" $7 in.raw out.pixfer -y || fail "pixfer convert $*"
    same out.ffmpeg out.pixfer "$*"
}

usual="--matrix bt601 --range limited --siting center"
for to in nv12:nv12 nv21:nv21 yuv420p:i420 yuv422p:i422 yuv444p:i444 nv24:nv24 p010le:p010; do
    check 320x180 rgba "${to%:*}" rgba "${to#*:}" "" "$usual" "bt601, limited range, siting center"
done
for from in bgra:bgra argb:argb abgr:abgr rgb24:rgb24 bgr24:bgr24 gbrp:gbrp rgb0:rgba 0bgr:abgr; do
    check 322x182 "${from%:*}" nv12 "${from#*:}" nv12 "" "$usual" "bt601, limited range, siting center"
done
check 321x181 rgba yuv420p rgba i420 "" "$usual" "bt601, limited range"
check 320x180 rgba yuvj420p rgba i420 "" "--matrix bt601 --range full --siting center" "full range"
check 320x180 rgba nv12 rgba nv12 "-vf scale=out_color_matrix=bt709:out_range=full" "--matrix bt709 --range full --siting center" "bt709, full range"
check 320x180 rgba nv12 rgba nv12 "-vf scale=out_color_matrix=bt2020" "--matrix bt2020 --siting center" "bt2020"
check 320x180 rgba nv12 rgba nv12 "-vf scale=out_h_chr_pos=0" "--matrix bt601 --siting left" "siting left"
check 320x180 rgba yuv420p rgba i420 "-vf scale=out_h_chr_pos=0:out_v_chr_pos=0" "--matrix bt601 --siting top-left" "siting top-left"
check 640x360 rgba yuv420p rgba i420 "-filter_threads 1 -sws_flags area+accurate_rnd" "$usual" "1 thread"
says "1 thread"
[ "$(grep -c 'pixfer-sws:' log)" = 1 ] || fail "more than one line for a context: $(cat log)"

# Cropping is an address and a stride.
frames 320x180 rgba
preloaded -f rawvideo -pix_fmt rgba -s 320x180 -i in.raw -vf crop=200:100:31:17,vflip,format=nv12 -f rawvideo out.ffmpeg
says "taken: 200x100"
plain -f rawvideo -pix_fmt rgba -s 320x180 -i in.raw -vf crop=200:100:31:17,vflip -f rawvideo cropped.raw
"$pixfer" convert --size 200x100 -t nv12 $usual cropped.raw out.pixfer -y || fail "pixfer convert"
same out.ffmpeg out.pixfer "crop and flip"
finish
