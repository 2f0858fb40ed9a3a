#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE-DIR BUILD-DIR: the sum of the reference frame (doc/bindings.md) from the library, the tool and every binding that is built here: one
# line each, all the same. `--sum SOURCE-DIR` prints the one that doc/bindings.md states.
if [ "$1" = --sum ]; then
    sums=$(grep -oE '`[0-9a-f]{32}`' "$2/doc/bindings.md" | tr -d '`' | sort -u)
    [ "$(printf '%s\n' "$sums" | wc -l)" = 1 ] || { echo "doc/bindings.md states more than one sum:" $sums >&2; exit 1; }
    echo "$sums"
    exit
fi
. "$(dirname "$0")/common.sh"
export LC_ALL=C
case $(sed -n 's/^PIXFER_SANITIZE:[^=]*=//p' "$build_dir/CMakeCache.txt") in
    ?*) echo "a library with sanitizers needs them in every program"; exit 77 ;;
esac
unset PIXFER_CPU PIXFER_THREADS PIXFER_LOG PIXFER_SWS PIXFER_BACKEND
expected=$("$0" --sum "$source_dir")
failed='' lines=0
cd "$work"

# says NAME COMMAND...: the command writes the frame's NV12.
says() {
    local name=$1 sum
    shift
    sum=$("$@" 2>"$work/log" | md5sum | cut -d' ' -f1)
    printf '%s  %s\n' "$sum" "$name"
    lines=$((lines + 1))
    [ "$sum" = "$expected" ] || { failed=yes; cat "$work/log" >&2; }
}
not_here() { printf '%-32s  %s\n' "not built here" "$1"; }

$CC -O2 -I"$source_dir/include" "$source_dir/tests/api/reference.c" "$build_dir/src/libpixfer.a" -lpthread -lm -o program
./program rgba >in.rgba
[ "$(wc -c <in.rgba)" = 147456 ] || die "the reference frame was not written"
says "libpixfer" ./program
"$source_dir/scripts/amalgamate" one
$CC -O2 -I"$source_dir/include" -c one/pixfer.c -o one.o
$CC -O2 -I"$source_dir/include" "$source_dir/tests/api/reference.c" one.o -lpthread -lm -o amalgamated
says "pixfer.c, the amalgamation" ./amalgamated
tool=$build_dir/tools/pixfer/pixfer
if [ -x "$tool" ]; then
    says "pixfer convert" "$tool" convert --size 256x144 in.rgba -
else
    not_here "pixfer convert"
fi

dropin=$build_dir/bindings/sws/libpixfer-sws.so
preloaded() { # libswscale's own defaults are others
    LD_PRELOAD=$dropin ffmpeg -nostdin -v error -f rawvideo -pix_fmt rgba -s 256x144 -i in.rgba -vf scale=out_color_matrix=bt709:out_h_chr_pos=0 \
        -pix_fmt nv12 -f rawvideo -
}
if [ -f "$dropin" ] && command -v ffmpeg >/dev/null; then
    says "libpixfer-sws under ffmpeg" preloaded
else
    not_here "libpixfer-sws"
fi

plugin=$build_dir/bindings/gstreamer/libgstpixfer.so
pipeline() {
    GST_PLUGIN_PATH=$(dirname "$plugin") GST_REGISTRY=$work/registry gst-launch-1.0 -q filesrc location=in.rgba blocksize=147456 ! \
        rawvideoparse format=rgba width=256 height=144 ! pixferconvert ! video/x-raw,format=NV12 ! filesink location=out.nv12 >"$work/log" 2>&1
    cat out.nv12
}
if [ -f "$plugin" ] && command -v gst-launch-1.0 >/dev/null; then
    says "GStreamer, pixferconvert" pipeline
else
    not_here "GStreamer"
fi

# The other languages: tests/LANGUAGE/reference.sh SOURCE-DIR BUILD-DIR RGBA-FILE writes the frame, or ends with 77 where it is not built.
for script in "$source_dir"/tests/*/reference.sh; do
    name=$(basename "$(dirname "$script")")
    [ "$name" != api ] || continue
    status=0
    "$script" "$source_dir" "$build_dir" "$work/in.rgba" >out 2>"$work/log" || status=$?
    case $status in
        0) says "$name" cat out ;;
        77) not_here "$name" ;;
        *) cat "$work/log" >&2; die "$script ends with $status" ;;
    esac
done
[ -z "$failed" ] || die "the sum of doc/bindings.md is $expected"
[ "$lines" -ge 2 ]
