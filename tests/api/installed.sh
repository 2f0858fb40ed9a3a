#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Installs, moves what was installed, and uses it through pkg-config, find_package and meson, shared and static, from C and C++, core
# and exporter; then uninstalls.
. "$(dirname "$0")/common.sh"

case $(sed -n 's/^PIXFER_SANITIZE:[^=]*=//p' "$build_dir/CMakeCache.txt") in
    ?*) echo "a library with sanitizers needs them in every program"; exit 77 ;;
esac
keep_manifests
"$CMAKE" --install "$build_dir" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved
lib=$(dirname "$(find "$prefix" -name 'pixfer.pc')")
lib=${lib%/pkgconfig}
consumer=$source_dir/tests/api/consumer.c
export_mp4=$source_dir/examples/export_mp4.c
export PKG_CONFIG_PATH=$lib/pkgconfig
[ ! -f "$lib/pkgconfig/pixfer-exporter.pc" ] || exporter=yes
quietly() { "$@" >"$work/run.log" 2>&1 || { cat "$work/run.log"; die "$1 failed"; }; }
loader() { LD_LIBRARY_PATH=$lib DYLD_LIBRARY_PATH=$lib "$@"; }

echo "# the drop-in is a component of its own"
if [ -f "$build_dir/bindings/sws/libpixfer-sws.so" ]; then
    "$CMAKE" --install "$build_dir" --component sws --prefix "$work/sws" >/dev/null
    [ "$(cd "$work/sws" && find . -type f)" = "./${lib#"$prefix"/}/libpixfer-sws.so" ] || die "component sws holds $(find "$work/sws" -type f)"
fi

# The static libraries alone: a linker takes the shared one where both lie.
static=$work/static
cp -R "$prefix" "$static"
find "$static" -name 'libpixfer*.so*' -exec rm {} + -o -name 'libpixfer*.dylib' -exec rm {} +
static_pc=$static${lib#"$prefix"}/pkgconfig

echo "# pkg-config, core"
$CC -Wall -Werror "$consumer" $(pkg-config --cflags --libs pixfer) -o "$work/core-shared"
loader "$work/core-shared"
$CC -Wall -Werror "$consumer" $(PKG_CONFIG_PATH=$static_pc pkg-config --static --cflags --libs pixfer) -o "$work/core-static"
"$work/core-static"

if [ -n "${exporter:-}" ]; then
    echo "# pkg-config, exporter"
    $CC -Wall -Werror "$export_mp4" $(pkg-config --cflags --libs pixfer-exporter) -lm -o "$work/exporter-shared"
    quietly loader "$work/exporter-shared" "$work/shared.mp4"
    [ -s "$work/shared.mp4" ] || die "nothing was exported"
    $CC -Wall -Werror "$export_mp4" $(PKG_CONFIG_PATH=$static_pc:$PKG_CONFIG_PATH pkg-config --static --cflags --libs pixfer-exporter) \
        -lm -o "$work/exporter-static"
    quietly "$work/exporter-static" "$work/static.mp4"

    if [ -f "$lib/libpixfer-exporter.so" ]; then
        echo "# libpixfer-exporter finds libpixfer beside itself"
        echo '#include <pixfer/exporter.h>
        int main(void) { struct pixfer_exporter *e = NULL; pixfer_exporter_close(&e); return !pixfer_encoder_names(); }' >"$work/beside.c"
        $CC "$work/beside.c" -I"$prefix/include" -Wl,--as-needed -Wl,-rpath,"$lib" "$lib/libpixfer-exporter.so" -Wl,-rpath-link,"$lib" \
            -o "$work/beside"
        "$work/beside"
    fi
fi

# cmake_consumer NAME LANGUAGE PROGRAM TARGET COMPONENTS [OPTION...]: builds and runs it.
cmake_consumer() {
    local name=cmake/$1
    mkdir -p "$work/cmake"
    "$CMAKE" -S "$source_dir/tests/api/find_package" -B "$work/$name" -DCMAKE_PREFIX_PATH="$prefix" -DLANGUAGE="$2" -DPROGRAM="$3" \
        -DTARGET="$4" -DCOMPONENTS="$5" -DCMAKE_C_COMPILER="$CC" "${@:6}" >"$work/$name.log" 2>&1 || return 1
    "$CMAKE" --build "$work/$name" >>"$work/$name.log" 2>&1 || return 1
    "$work/$name/consumer" "$work/$name.mp4" >>"$work/$name.log" 2>&1
}
# works WHAT ARGUMENT...: as cmake_consumer.
works() {
    echo "# find_package, $1"
    cmake_consumer "${1// /-}" "${@:2}" || { cat "$work/cmake/${1// /-}.log"; die "find_package, $1"; }
}
# refused WHAT TEXT ARGUMENT...
refused() {
    echo "# find_package, $1"
    ! cmake_consumer "${1// /-}" "${@:3}" || die "find_package, $1: it was found"
    tr -s ' \n' ' ' <"$work/cmake/${1// /-}.log" | grep -qF -- "$2" || { cat "$work/cmake/${1// /-}.log"; die "find_package, $1: no '$2'"; }
}
# links FILE NAME: the program needs the shared library of that name.
links() { [ ! -f "$lib/libpixfer.so" ] || readelf -d "$1" | grep -qF "[$2.so"; }

works "core" C "$consumer" pixfer::pixfer ""
links "$work/cmake/core/consumer" libpixfer || die "pixfer::pixfer is not the shared library"
works "core static by variable" C "$consumer" pixfer::pixfer "" -DPIXFER_USE_STATIC=ON
works "core static" C "$consumer" pixfer::pixfer "core;static"
! links "$work/cmake/core-static/consumer" libpixfer || die "the component static gives the shared library"
refused "a component that does not exist" "was built without 'gpu'" C "$consumer" pixfer::pixfer gpu
if command -v c++ >/dev/null; then
    works "core C++" CXX "$source_dir/tests/api/consumer.cpp" pixfer::pixfer ""
fi
if [ -n "${exporter:-}" ]; then
    works "exporter" C "$export_mp4" pixfer::exporter exporter
    works "exporter static" C "$export_mp4" pixfer::exporter "exporter;static"
    works "exporter without components" C "$export_mp4" pixfer::exporter ""
    mkdir "$work/core-only"
    cp -R "$prefix/." "$work/core-only/"
    find "$work/core-only" -name 'pixferExporterTargets*' -exec rm {} +
    refused "no exporter" "was built without 'exporter'; its components: core" C "$consumer" pixfer::pixfer exporter \
        -DCMAKE_PREFIX_PATH="$work/core-only"
fi

if ! command -v meson >/dev/null || [ -z "${exporter:-}" ]; then
    echo "# no meson, or no exporter: not tried through meson"
else
    for way in shared static cmake; do
        echo "# meson, $way"
        method=pkg-config options=() path=$PKG_CONFIG_PATH
        case $way in
            static) options=(-Dprefer_static=true) path=$static_pc ;;
            cmake) method=cmake ;;
        esac
        CC=$CC PKG_CONFIG_PATH=$path meson setup "$work/meson-$way" "$source_dir/tests/api/meson" -Dmethod=$method -Dcore="$consumer" \
            -Dexporter="$export_mp4" -Dcmake_prefix_path="$prefix" "${options[@]}" >"$work/meson.log" 2>&1 &&
            meson compile -C "$work/meson-$way" >>"$work/meson.log" 2>&1 || { cat "$work/meson.log"; die "meson, $way"; }
        loader "$work/meson-$way/core"
        [ $way = static ] || quietly loader "$work/meson-$way/exporter" "$work/meson-$way.mp4"
    done
fi

echo "# each header alone, in C and C++"
for header in "$prefix"/include/pixfer/*.h; do
    name=pixfer/$(basename "$header")
    case $name in */videotoolbox.h) continue ;; esac
    echo "#include <$name>" | $CC -std=c11 -Wall -Wextra -Wundef -pedantic -Werror -I"$prefix/include" -fsyntax-only -x c -
    if command -v c++ >/dev/null; then
        echo "#include <$name>" | c++ -std=c++11 -Wall -Wextra -Wundef -pedantic -Werror -I"$prefix/include" -fsyntax-only -x c++ -
    fi
done

if [ -f "$lib/libpixfer.so" ]; then
    echo "# what the core needs"
    needed=$(objdump -p "$lib/libpixfer.so" | awk '$1 == "NEEDED" { print $2 }' | grep -Ev '^(libc|libm|libpthread|ld-linux.*)\.so' || true)
    [ -z "$needed" ] || die "libpixfer depends on $needed, expected libc, libm and threads only"
fi
if [ -x "$prefix/bin/pixfer" ]; then
    echo "# the tool, and its benchmark from where it was installed"
    "$prefix/bin/pixfer" --version
    [ -z "$(find "$prefix" -name pixfer-bench)" ] || "$prefix/bin/pixfer" bench --help >/dev/null
fi

echo "# uninstall"
"$CMAKE" --install "$build_dir" --prefix "$work/again" >/dev/null
touch "$work/again/include/pixfer/somebody-else.h"
"$CMAKE" --build "$build_dir" --target uninstall >/dev/null
left=$(cd "$work/again" && find . -mindepth 1 | sort | xargs)
[ "$left" = "./include ./include/pixfer ./include/pixfer/somebody-else.h" ] || die "uninstall leaves $left"
