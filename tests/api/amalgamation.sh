#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# pixfer.c and pixfer.h alone compile with every compiler that is here, without a warning, convert to the library's very bytes and make
# the reference frame of doc/bindings.md; in static mode a shared library that holds them shows nothing of them.
. "$(dirname "$0")/common.sh"

case $(sed -n 's/^PIXFER_SANITIZE:[^=]*=//p' "$build_dir/CMakeCache.txt") in
    ?*) echo "a library with sanitizers needs them in every program"; exit 77 ;;
esac
"$source_dir/scripts/amalgamate" "$work/one"
cat >"$work/frame.c" <<'C'
#include <stdio.h>
#include <string.h>
#include PIXFER_HEADER
static unsigned char rgba[256 * 144 * 4], out[256 * 144 * 4];

/* The reference frame of doc/bindings.md, into a file. */
static int write_reference(const char *name)
{
    struct pixfer_image src, dst;
    struct pixfer_converter *c;
    const size_t size = pixfer_image_layout(&dst, PIXFER_FORMAT_NV12, 256, 144, out, 1);
    FILE *file = fopen(name, "wb");
    pixfer_image_layout(&src, PIXFER_FORMAT_RGBA, 256, 144, rgba, 1);
    for (int y = 0; y < 144; y++)
        for (int x = 0; x < 256; x++) {
            unsigned char *pixel = rgba + (y * 256 + x) * 4;
            pixel[0] = (unsigned char)x, pixel[1] = (unsigned char)(7 * y), pixel[2] = (unsigned char)(x * y), pixel[3] = 255;
        }
    if (pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12,
                                                           .width = 256, .height = 144)) ||
        pixfer_convert(c, &src, &dst))
        return 1;
    pixfer_converter_close(&c);
    return !file || fwrite(out, 1, size, file) != size || fclose(file);
}

int main(int argc, char **argv)
{
    static const enum pixfer_format to[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_YV12, PIXFER_FORMAT_P010, PIXFER_FORMAT_I444};
    if (argc > 1)
        return write_reference(argv[1]);
    for (size_t i = 0; i < sizeof(rgba); i++)
        rgba[i] = (unsigned char)(i * 2654435761u >> 13);
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
        for (size_t i = 0; i < sizeof(to) / sizeof(*to); i++) {
            struct pixfer_image src, dst;
            struct pixfer_converter *c;
            unsigned long long hash = 5381;
            size_t size = pixfer_image_layout(&dst, to[i], 131, 67, out, 2);
            memset(out, 0, sizeof(out)); /* rows of odd length leave a byte */
            pixfer_image_layout(&src, PIXFER_FORMAT_RGBA, 131, 67, rgba, 1);
            if (pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = to[i],
                                                                   .width = 131, .height = 67, .cpu = *cpu)) ||
                pixfer_convert(c, &src, &dst))
                return 1;
            pixfer_converter_close(&c);
            for (size_t at = 0; at < size; at++)
                hash = hash * 33 ^ out[at];
            printf("%s %llx\n", pixfer_format_name(to[i]), hash);
        }
    return 0;
}
C

# The file of the library, then of each compiler: the same lines, as often as there are instruction sets.
$CC -O2 -I"$source_dir/include" '-DPIXFER_HEADER=<pixfer/pixfer.h>' -o "$work/library" "$work/frame.c" \
    "$build_dir/src/libpixfer.a" -lpthread -lm
"$work/library" | sort -u >"$work/expected"
[ "$(wc -l <"$work/expected")" = 4 ] || die "the library's own kernels differ"

reference=$(sed -n 's/^.*libpixfer-sws.*`\([0-9a-f]\{32\}\)`.*$/\1/p' "$source_dir/doc/bindings.md")
[ -n "$reference" ] || die "doc/bindings.md has no md5 of the reference frame"

build() { # build COMPILER PROGRAM-SUFFIX
    "$1" -O2 -Wall -Wextra -Wundef -Werror -c "$work/one/pixfer.c" -o "$work/one.o"
    "$1" -O2 -I"$work/one" '-DPIXFER_HEADER="pixfer.h"' -o "$work/program$2" "$work/frame.c" "$work/one.o" $3
}
# Wine's server lives on for a while after its last program.
[ -z "$(command -v wineserver)" ] || trap 'WINEPREFIX=$work/wine wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
for compiler in gcc clang aarch64-linux-gnu-gcc x86_64-w64-mingw32-gcc; do
    command -v $compiler >/dev/null || { echo "# no $compiler"; continue; }
    case $compiler in
        aarch64*) command -v qemu-aarch64 >/dev/null || { echo "# no qemu-aarch64"; continue; }
            build $compiler .arm "-lpthread -lm -static"; run="qemu-aarch64 $work/program.arm" ;;
        *mingw*)
            build $compiler .exe "-static"
            command -v wine >/dev/null || { echo "# $compiler: compiles; no wine"; continue; }
            export WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" DISPLAY=
            run="timeout 300 wine $work/program.exe" ;;
        *) build $compiler "" "-lpthread -lm"; run=$work/program ;;
    esac
    $run | tr -d '\r' | sort -u >"$work/found"
    cmp "$work/expected" "$work/found" || die "$compiler: another frame than the library's"
    (cd "$work" && $run reference.nv12)
    found=$(md5sum <"$work/reference.nv12" | cut -d' ' -f1)
    [ "$found" = "$reference" ] || die "$compiler: the reference frame's md5 is $found, expected $reference as in doc/bindings.md"
    rm "$work/reference.nv12"
    echo "# $compiler: the library's frames, $found"
done

if [ "$(uname -s)" = Linux ]; then
    $CC -O2 -DPIXFER_STATIC -fvisibility=hidden -fPIC -shared "$work/one/pixfer.c" -lpthread -lm -o "$work/hidden.so"
    shown=$(nm -D --defined-only "$work/hidden.so" | grep pixfer || true)
    [ -z "$shown" ] || die "with PIXFER_STATIC a shared library shows $shown"
    $CC -O2 -fvisibility=hidden -fPIC -shared "$work/one/pixfer.c" -lpthread -lm -o "$work/shown.so"
    nm -D --defined-only "$work/shown.so" | grep -q pixfer_convert || die "without PIXFER_STATIC nothing is shown either"
fi
