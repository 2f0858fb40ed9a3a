#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# usage: wheel.sh PYTHON SOURCE-DIR BUILD-DIR: a source distribution, the wheel made of it without a network, both in clean environments; builds
# without the exporter, without FFmpeg's libraries at run time, and against an installed libpixfer.
set -euo pipefail
python=$1 source_dir=$2 build_dir=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
die() { printf '%s\n' "$*" >&2; exit 1; }
for module in setuptools wheel venv pip; do
    "$python" -c "import $module" 2>/dev/null || { echo "python3 has no $module"; exit 77; }
done
unset PYTHONPATH PIXFER_SYSTEM PIXFER_EXPORTER
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_ROOT_USER_ACTION=ignore
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1 http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
CC=gcc
if command -v ccache >/dev/null; then CC="ccache $CC"; fi
export CC
quietly() { "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; die "failed: $*"; }; }
wheel() { # wheel DIRECTORY OUT [VARIABLE=VALUE...]
    local from=$1 to=$2
    shift 2
    quietly env "$@" "$python" -m pip wheel "$from" --no-build-isolation --no-deps -w "$to"
}
version=$(sed -n 's/^#define PIXFER_VERSION_[A-Z]* //p' "$source_dir/include/pixfer/version.h" | paste -sd.)
md5() { # md5 PYTHON: what it says of the reference frame, with nothing but the standard library
    (cd / && "$1" - <<'PY'
import hashlib, pixfer
frame = bytes(channel & 255 for y in range(144) for x in range(256) for channel in (x, 7 * y, x * y, 255))
print(hashlib.md5(pixfer.rgba_to_nv12(frame, width=256, height=144)).hexdigest())
PY
    )
}

# The sources as a clone has them, without what was built in them.
mkdir -p "$work/clone/bindings"
cp -r "$source_dir/include" "$source_dir/src" "$source_dir/LICENSE" "$work/clone/"
cp -r "$source_dir/bindings/python" "$work/clone/bindings/"
rm -rf "$work/clone/bindings/python/"{build,dist,*.egg-info}
chmod -R a-w "$work/clone/src" "$work/clone/include"
cd "$work/clone/bindings/python"
quietly "$python" setup.py -q sdist -d "$work/sdist"
sdist=$work/sdist/pixfer-$version.tar.gz
tar tzf "$sdist" >"$work/contents"
for name in native/pixfer/src/core/converter.c native/pixfer/src/exporter/encode/video.h native/pixfer/include/pixfer/exporter.h native/native.h src/pixfer/py.typed \
            src/pixfer/__init__.pyi LICENSE README.md pyproject.toml; do
    grep -qx "pixfer-$version/$name" "$work/contents" || die "the source distribution has no $name"
done
tar xzf "$sdist" -C "$work"

wheel "$work/pixfer-$version" "$work/wheels" PIXFER_EXPORTER=1
made=$(cd "$work/wheels" && ls)
case $made in pixfer-$version-cp311-abi3-*.whl) ;; *) die "found $made, expected pixfer-$version-cp311-abi3-*.whl" ;; esac
mkdir "$work/open"
(cd "$work/open" && "$python" -m zipfile -e "$work/wheels/$made" .)
for name in pixfer/__init__.pyi pixfer/py.typed "pixfer-$version.dist-info/LICENSE"; do [ -f "$work/open/$name" ] || die "the wheel has no $name"; done
for module in core exporter; do
    file=$work/open/pixfer/_$module.abi3.so
    shown=$(nm -D --defined-only "$file" | awk '{ print $3 }' | xargs)
    [ "$shown" = PyInit__$module ] || die "$file shows $shown"
    readelf -d "$file" >"$work/dynamic"
    if grep 'libpixfer\|libpython\|RPATH\|RUNPATH' "$work/dynamic"; then die "$file is not self-contained"; fi
    if grep -q "$work" "$file"; then die "$file names the folder it was built in"; fi
done
needed=$(readelf -d "$work/open/pixfer/_core.abi3.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v 'libc\.\|libm\.\|libpthread\|ld-linux' || true)
[ -z "$needed" ] || die "_core needs $needed"

# A clean environment: nothing but pixfer.
quietly "$python" -m venv "$work/clean"
quietly "$work/clean/bin/pip" install "$work/wheels/$made"
reference=$(sed -n 's/^REFERENCE_MD5 = "\(.*\)"/\1/p' "$source_dir/tests/python/common.py")
found=$(md5 "$work/clean/bin/python")
[ "$found" = "$reference" ] || die "found $found, expected $reference"
# Other versions of Python take the same wheel.
for other in python3.12 python3.13 python3.14; do
    if command -v $other >/dev/null && quietly_version=$($other -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null) && [ "$quietly_version" = True ]; then
        found=$(cd "$work/open" && PYTHONPATH=$work/open md5 "$(command -v $other)")
        [ "$found" = "$reference" ] || die "$other: found $found, expected $reference"
        echo "# $other: the same wheel"
    fi
done

# All tests against the wheel, with the system's NumPy, Pillow and PyAV.
quietly "$python" -m venv --system-site-packages "$work/env"
quietly "$work/env/bin/pip" install "$work/wheels/$made"
cp -r "$source_dir/tests/python" "$work/tests"
cd "$work/tests"
quietly "$work/env/bin/python" -B -c 'import pixfer; assert pixfer.__file__.startswith("'"$work"'"), pixfer.__file__'
quietly env PIXFER_PYTHON_BINDING="$work/pixfer-$version" "$work/env/bin/python" -B -m unittest test_convert test_errors test_threads test_hostile

# Without the exporter, and without FFmpeg's libraries when it is loaded: converting works, and what is missing is said.
says() { # says SITE WORDS
    found=$(cd / && PYTHONPATH=$1 "$python" -B -c '
import pixfer
assert len(bytes(pixfer.rgba_to_nv12(bytes(16), width=2, height=2))) == 6
assert "Exporter" not in dir(pixfer)
from pixfer import *
try:
    from pixfer import Exporter
except ImportError as error:
    print(error)
try:
    pixfer.Exporter
except ImportError as error:
    pass')
    case $found in "pixfer has no exporter here: "*"$2"*"; converting works without it") ;; *) die "found '$found', expected '$2' in it" ;; esac
}
cp -r "$work/open" "$work/none"
rm "$work/none/pixfer/_exporter.abi3.so"
says "$work/none" "this build of pixfer has none, as it was built without libavcodec"
cp -r "$work/open" "$work/gone"
echo 'int nothing;' >"$work/gone.c"
$CC -shared -fPIC -o "$work/libavcodec-gone.so" "$work/gone.c"
printf 'extern int nothing; int PyInit__exporter(void); int PyInit__exporter(void) { return nothing; }\n' >"$work/stub.c"
$CC -shared -fPIC -o "$work/gone/pixfer/_exporter.abi3.so" "$work/stub.c" -L"$work" -l:libavcodec-gone.so
rm "$work/libavcodec-gone.so"
says "$work/gone" "FFmpeg's libraries cannot be loaded: libavcodec-gone.so: cannot open shared object file"

# What the environment asks for wrongly, or cannot have.
cd "$work/pixfer-$version"
refuses() { # refuses WORDS VARIABLE=VALUE...
    local words=$1
    shift
    if env "$@" "$python" setup.py -q --version >"$work/log" 2>&1; then die "$* is accepted"; fi
    grep -q "$words" "$work/log" || { cat "$work/log"; die "$*: does not say '$words'"; }
}
refuses "PIXFER_SYSTEM is 'maybe', expected 0 or 1" PIXFER_SYSTEM=maybe
refuses "PIXFER_SYSTEM is set, but .*pixfer" PIXFER_SYSTEM=1 PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR=/nonexistent
refuses "PIXFER_EXPORTER is set, but .*libavcodec" PIXFER_EXPORTER=1 PKG_CONFIG_LIBDIR=/nonexistent
refuses "PIXFER_EXPORTER is set, but .*nowhere" PIXFER_EXPORTER=1 PKG_CONFIG=/nowhere/pkg-config

# Against an installed library, whose manifest stays out of the build.
mkdir "$work/manifests"
(cd "$build_dir" && find . -maxdepth 1 -name 'install_manifest*.txt' -exec cp -p {} "$work/manifests/" \;)
for component in library development; do
    cmake --install "$build_dir" --prefix "$work/prefix" --component $component >"$work/log" 2>&1 || { tail -n 20 "$work/log"; die "cannot install"; }
done
rm -f "$build_dir"/install_manifest_library.txt "$build_dir"/install_manifest_development.txt
(cd "$work/manifests" && find . -name '*.txt' -exec cp -p {} "$build_dir/" \;)
pc=$(dirname "$(find "$work/prefix" -name pixfer-exporter.pc)")
wheel "$work/clone/bindings/python" "$work/system" PIXFER_SYSTEM=1 PIXFER_EXPORTER=1 PKG_CONFIG_PATH="$pc"
mkdir "$work/linked"
(cd "$work/linked" && "$python" -m zipfile -e "$work/system/"*.whl .)
linked() { readelf -d "$work/linked/pixfer/$1.abi3.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | xargs; }
[[ $(linked _core) == *libpixfer.so* ]] || die "_core does not link libpixfer"
[[ $(linked _exporter) == *libpixfer-exporter.so* ]] || die "_exporter does not link libpixfer-exporter"
[[ $(linked _exporter) != *libavcodec* ]] || die "_exporter links libavcodec itself"
export LD_LIBRARY_PATH=${pc%/pkgconfig}
found=$(PYTHONPATH=$work/linked md5 "$python")
[ "$found" = "$reference" ] || die "linked: found $found, expected $reference"
(cd "$work/tests" && PYTHONPATH=$work/linked quietly "$python" -B -m unittest test_errors test_exporter.Exporter.test_frames_are_the_converters)
