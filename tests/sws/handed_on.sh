#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# DROPIN: what is not pixfer's has the bytes of plain libswscale, by a list of ffmpeg's command lines. One process each way makes all
# that a line names.
. "$(dirname "$0")/common.sh"
need_ffmpeg

# check INPUT-FILTERS CHAIN...: every chain, of the same frames, plain and preloaded.
check() {
    local source=$1 graph chain outputs=() i=0
    shift
    graph="$source,split=$#"
    for ((i = 0; i < $#; i++)); do graph+="[i$i]"; done
    i=0
    for chain in "$@"; do
        graph+=";[i$i]$chain[o$i]"
        outputs+=(-map "[o$i]" -f framemd5 "TURN.$i")
        i=$((i + 1))
    done
    plain -filter_complex "$graph" "${outputs[@]//TURN/plain}"
    preloaded -filter_complex "$graph" "${outputs[@]//TURN/preloaded}"
    ! grep 'pixfer-sws: taken' log || fail "$source: taken"
    says "pixfer-sws: handed on"
    i=0
    for chain in "$@"; do
        [ -s "plain.$i" ] || fail "$source,$chain: nothing came out"
        same "plain.$i" "preloaded.$i" "$source,$chain"
        i=$((i + 1))
    done
}

rgba="testsrc2=size=322x182:rate=5:duration=0.6,format=rgba"
yuv="testsrc2=size=322x182:rate=5:duration=0.6,format=yuv420p"
# Scaling, with every scaler, up, down, and in one direction.
check "$rgba" scale=160:90,format=nv12 scale=644:364,format=yuv420p scale=322:90,format=yuv444p scale=101:182,format=nv21 \
    scale=161:91:flags=lanczos,format=nv12 scale=161:91:flags=area,format=nv12 scale=161:91:flags=neighbor,format=nv12 \
    scale=200:100:flags=bilinear+accurate_rnd+full_chroma_int,format=p010le scale=64:64:flags=spline,format=yuv422p
# The same size, and yet not pixfer's.
check "$rgba" scale=flags=neighbor,format=nv12 scale=flags=lanczos,format=yuv420p scale=flags=bicubic+bitexact,format=nv12 \
    scale=flags=accurate_rnd+bitexact,format=yuv444p scale=flags=bicubic:sws_dither=bayer,format=nv12 scale=out_color_matrix=fcc,format=nv12 \
    scale=out_v_chr_pos=0,format=nv12 scale=gamma=1,format=nv12 scale=alphablend=checkerboard,format=nv12 \
    scale=param0=0.5:flags=bicubic,format=nv12
# Other destinations.
check "$rgba" format=yuva420p format=yuva444p format=gray format=gray16le format=ya8 format=monow format=pal8 format=rgb565le \
    format=rgb8 format=bgr4_byte format=gbrp format=gbrap format=rgb48le format=x2rgb10le format=yuv410p format=yuv411p \
    format=yuv440p format=yuyv422 format=uyvy422 format=yuv420p10le format=yuv444p16le format=xyz12le
# Other sources.
check "$yuv" format=rgba format=rgb24 format=gbrp format=rgb565le format=nv12 format=yuv444p format=yuv422p format=yuvj420p \
    format=yuv420p10le format=gray format=uyvy422 scale=200:100 scale=644:364,format=rgba scale=in_range=full:out_range=tv,format=yuv444p \
    scale=in_color_matrix=bt601:out_color_matrix=bt709,format=nv12 scale=33:17,format=bgr24
for from in rgb48le rgba64be gray gray16le ya8 rgb565le rgb8 pal8 monob gbrap gbrp10le x2rgb10le yuva420p p010le yuyv422 nv24 \
    yuv422p10le bayer_rggb8; do
    ffmpeg -hide_banner -pix_fmts 2>/dev/null | grep -qE "^I.... $from " || continue
    if [[ $from == bayer* ]]; then # ffmpeg reads it, but cannot make it
        check "testsrc2=size=320x180:rate=5:duration=0.4,format=gray,format=gray" format=yuv420p format=nv12
        plain -f lavfi -i testsrc2=size=320x180:rate=5:duration=0.4 -pix_fmt gray -f rawvideo bayer.raw
        plain -f rawvideo -pix_fmt $from -s 320x180 -i bayer.raw -pix_fmt yuv420p -f framemd5 plain.b
        preloaded -f rawvideo -pix_fmt $from -s 320x180 -i bayer.raw -pix_fmt yuv420p -f framemd5 preloaded.b
        same plain.b preloaded.b "$from"
    else
        check "testsrc2=size=128x72:rate=5:duration=0.4,format=$from,crop=67:35:exact=1" scale,format=nv12 scale,format=yuv444p scale=34:18,format=yuv420p
    fi
done
# A crop has the strides of what it was cut from; a flip has negative ones; interlaced frames come by fields.
check "$yuv,crop=101:77:30:20:exact=1" format=rgba scale=50:40,format=nv12
check "$yuv,vflip" format=rgba scale=50:40,format=nv12
fields="testsrc2=size=320x176:rate=5:duration=0.6,setfield=tff"
check "$fields,format=yuv420p" scale=320:88:interl=1,format=nv12 scale=interl=1,format=yuv422p
check "$fields,format=rgba" scale=320:88:interl=1,format=nv12 scale=interl=1,format=yuv420p
finish
