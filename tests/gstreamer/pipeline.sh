#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# PLUGIN PIXFER: the plugin in real pipelines: what it shows, the bytes of `pixfer convert`, the tags that arrive in an MP4, refusals.
set -u
export LC_ALL=C
plugin=$1 pixfer=$2
[ -z "${PIXFER_TEST_SANITIZED:-}" ] || { echo "a plugin with sanitizers cannot be loaded"; exit 77; }
for program in gst-launch-1.0 gst-inspect-1.0 ffprobe; do
    command -v $program >/dev/null || { echo "there is no $program"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-gstreamer.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export GST_PLUGIN_PATH=$(dirname "$plugin") GST_REGISTRY=$work/registry.bin
unset PIXFER_CPU PIXFER_THREADS PIXFER_LOG
failures=0
fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}
launch() {
    timeout 60 gst-launch-1.0 -q "$@" >log 2>&1
}

# What it shows.
shown=$(nm -D --defined-only "$plugin" | awk '{ print $3 }' | grep -vE '^gst_plugin_pixfer_(get_desc|register)$')
[ -z "$shown" ] || fail "the plugin shows $shown"
nm -D --defined-only "$plugin" | grep -q gst_plugin_pixfer_get_desc || fail "the plugin has no entry point"
gst-inspect-1.0 pixferconvert >inspect 2>&1 || fail "gst-inspect-1.0: $(cat inspect)"
for line in 'Filter/Converter/Video/Colorspace' "Exact RGB to Y'CbCr converter" '(string)NV12' 'n-threads' 'siting' 'MIT/X11' \
    "Version                  $("$pixfer" --version | cut -d' ' -f2)"; do
    grep -qF -- "$line" inspect || fail "gst-inspect-1.0 does not say '$line'"
done

# frames CAPS OUT-CAPS PROPERTIES: in.raw and out.raw, three frames of the same pipeline. Sizes are such that GStreamer's rows have no padding.
frames() {
    launch videotestsrc num-buffers=3 pattern=smpte ! "video/x-raw,width=320,height=182,$1" ! tee name=t ! queue ! filesink location=in.raw \
        t. ! queue ! pixferconvert $3 ! "video/x-raw,$2" ! filesink location=out.raw || fail "$*: $(cat log)"
}
check() { # check FROM TO 'GST COLOUR' 'CONVERT OPTIONS' [PROPERTIES]
    frames "format=${1%:*}" "format=${2%:*}${3:+,$3}" "${5:-}"
    "$pixfer" convert --size 320x182 -f "${1#*:}" -t "${2#*:}" $4 in.raw expected.raw -y || fail "pixfer convert $*"
    cmp -s out.raw expected.raw || fail "$*: other bytes than those of pixfer convert"
}
# The order of components is GStreamer's own: videoconvert unpacks these into bytes, which pixfer sees as RGBA.
for from in RGBA64_LE:rgba64 RGB10A2_LE:rgb10a2 BGR10A2_LE:bgr10a2 GBR_10LE:gbrp10 GBR_12LE:gbrp12; do
    check $from P010_10LE:p010 "" ""
    launch filesrc location=in.raw blocksize=$(($(wc -c <in.raw) / 3)) ! "video/x-raw,format=${from%:*},width=320,height=182,framerate=30/1" ! \
        videoconvert dither=none ! video/x-raw,format=RGBA ! filesink location=bytes.raw || fail "$from: $(cat log)"
    "$pixfer" convert --size 320x182 -f rgba -t p010 bytes.raw plain.raw -y || fail "pixfer convert of bytes"
    # 8 bits of each component are the same up to 1: 16 of 1023 in a sample leave no doubt about the order.
    python3 -c 'import sys; a, b = (memoryview(open(name, "rb").read()).cast("H") for name in sys.argv[1:])
sys.exit(len(a) != len(b) or max(abs((x >> 6) - (y >> 6)) for x, y in zip(a, b)) > 16)' out.raw plain.raw || fail "$from: other colours than videoconvert's"
done
for from in RGBA:rgba BGRx:bgra xRGB:argb ABGR:abgr RGB:rgb24 BGR:bgr24 GBR:gbrp; do
    check $from NV12:nv12 "" ""
done
for to in NV21:nv21 I420:i420 YV12:yv12 Y444:i444 NV24:nv24 Y42B:i422 NV16:nv16 P010_10LE:p010 I420_10LE:i010 P012_LE:p012 P016_LE:p016 Y444_10LE:i410; do
    check RGBA:rgba $to "" ""
done
check RGBA:rgba NV12:nv12 "colorimetry=bt601,chroma-site=jpeg" "--matrix bt601 --siting center"
check RGBA:rgba NV12:nv12 "colorimetry=1:3:5:1" "--range full" "n-threads=2"
check RGBA:rgba I420:i420 "" "--matrix bt2020 --siting top-left --range full" "matrix=bt2020 siting=top-left range=full"
check YUY2:yuyv NV12:nv12 "" ""

# tags EXPECTED PIPELINE...: of out.mp4, as ffprobe reads them.
tags() {
    local expected=$1 found
    shift
    launch videotestsrc num-buffers=5 ! "$@" ! x264enc speed-preset=ultrafast ! mp4mux ! filesink location=out.mp4 || fail "$*: $(cat log)"
    found=$(ffprobe -v error -select_streams v -show_entries stream=pix_fmt,color_range,color_space,color_transfer,color_primaries \
        -of default=nw=1:nk=1 out.mp4 | xargs)
    [ "$found" = "$expected" ] || fail "$*: the tags are '$found', expected '$expected'"
}
if gst-inspect-1.0 x264enc >/dev/null 2>&1 && gst-inspect-1.0 mp4mux >/dev/null 2>&1; then
    rgba=video/x-raw,format=RGBA,width=320,height=240
    tags "yuv420p tv bt709 bt709 bt709" $rgba ! pixferconvert
    tags "yuv420p tv smpte170m smpte170m smpte170m" $rgba ! pixferconvert matrix=bt601
    tags "yuvj420p pc bt709 bt709 bt709" $rgba ! pixferconvert range=full
    tags "yuv420p tv bt2020nc bt2020-10 bt2020" $rgba ! pixferconvert matrix=bt2020
    tags "yuv444p tv bt709 bt709 bt709" $rgba ! pixferconvert ! video/x-raw,format=Y444

    # Through the whole pipeline: what is decoded from a lossless stream is what the library made.
    launch videotestsrc num-buffers=2 ! $rgba ! tee name=t ! queue ! filesink location=in.raw \
        t. ! queue ! pixferconvert ! video/x-raw,format=I420 ! x264enc pass=quant quantizer=0 speed-preset=ultrafast ! mp4mux ! filesink location=out.mp4 ||
        fail "lossless: $(cat log)"
    "$pixfer" convert --size 320x240 -t i420 in.raw expected.raw -y
    ffmpeg -nostdin -v error -y -i out.mp4 -f rawvideo out.raw
    cmp -s out.raw expected.raw || fail "a lossless H.264 stream holds other samples than pixfer convert makes"
else
    echo "# no x264enc or no mp4mux: tags are not looked at"
fi

# Nothing that lives at the end was left behind.
GST_TRACERS=leaks GST_DEBUG=GST_TRACER:7 GST_DEBUG_NO_COLOR=1 timeout 60 gst-launch-1.0 -q videotestsrc num-buffers=5 ! video/x-raw,format=RGBA ! \
    pixferconvert ! video/x-raw,format=NV12 ! fakesink 2>&1 | grep -E 'object-alive, type-name=\(string\)[A-Za-z]' >alive && fail "left behind: $(cat alive)"

# Refusals end the pipeline, with a line that says why where the element itself is asked. (gst-launch-1.0 itself may hang on an error before
# the sink has a frame, so the sink does not wait for one.)
refused() { # refused TEXT PIPELINE...
    local text=$1
    shift
    launch "$@" && fail "$*: it ran"
    [ $? != 124 ] || fail "$*: it does not end"
    grep -qF -- "$text" log || fail "$*: no '$text' in $(head -c 2000 log)"
}
refused "could not link" videotestsrc num-buffers=1 ! video/x-raw,format=RGBA,interlace-mode=interleaved ! pixferconvert ! fakesink
refused "expected that of the properties" videotestsrc num-buffers=1 ! video/x-raw,format=RGBA ! pixferconvert matrix=bt709 ! \
    video/x-raw,format=NV12,colorimetry=bt601 ! fakesink async=false
PIXFER_CPU=none refused 'cpu is "none"' videotestsrc num-buffers=1 ! video/x-raw,format=RGBA ! pixferconvert ! video/x-raw,format=NV12 ! fakesink async=false
[ "$failures" = 0 ]
