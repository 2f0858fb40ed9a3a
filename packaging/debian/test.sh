#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# usage: packaging/debian/test.sh here          builds the packages with what is installed, and looks at them with lintian
#        packaging/debian/test.sh root          builds them in a bare Debian root that gets nothing but Build-Depends, installs them in another
#                                               that gets nothing but what they depend on, uses tool, module, element, drop-in and library there,
#                                               and purges them
#        packaging/debian/test.sh build FOLDER  as `here`, and leaves the packages in FOLDER
#
# `root` needs root and debootstrap. The bare root is kept as an archive in ${XDG_CACHE_HOME:-~/.cache}/pixfer/debian; nothing of this machine is
# mounted in it: it has a /proc of its own, which only the commands in it see. DEB_BUILD_OPTIONS are those of Debian; nocheck unless it is set.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source_dir=$PWD
mode=${1:-} keep=${2:-}
case $mode in here | root) ;; build) [ -n "$keep" ] ;; *) false ;; esac || { sed -n 's/^# usage: \|^#    \( *packaging\)/ \1/p' "$0" >&2; exit 2; }
for tool in dpkg-buildpackage dh fakeroot; do
    command -v $tool >/dev/null || { echo "there is no $tool: install dpkg-dev debhelper fakeroot"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-debian.XXXXXX")
clean() {
    # Nothing is mounted; should that ever change, nothing of it is removed.
    if grep -qF " $work" /proc/self/mountinfo; then echo "something is mounted in $work: left" >&2; else rm -rf "$work"; fi
}
trap clean EXIT
die() { printf '%s\n' "$*" >&2; exit 1; }
say() { printf '# %s (%ds)\n' "$*" $SECONDS; }
quietly() { "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; die "$* failed"; }; }
export DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS:-nocheck parallel=$(getconf _NPROCESSORS_ONLN)}

# The source package: the tree as a release has it, and debian/.
version=$(sed -n 's/^#define PIXFER_VERSION_[A-Z]* //p' include/pixfer/version.h | paste -sd.)
[ "$(dpkg-parsechangelog -l packaging/debian/changelog -S Version | sed 's/-[^-]*$//')" = "$version" ] || die "packaging/debian/changelog is not of $version"
tree=$work/pixfer-$version
mkdir "$tree"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done
else
    find . -path ./build -prune -o -type f -print0
fi | tar --null -T - -cf - | tar -xf - -C "$tree"
tar -C "$work" -czf "$work/pixfer_$version.orig.tar.gz" "pixfer-$version"
cp -R "$tree/packaging/debian" "$tree/debian"

look_at() { # look_at FOLDER: the packages there
    local package
    for package in libpixfer-dev pixfer pixfer-bench pixfer-sws python3-pixfer gstreamer1.0-pixfer; do
        ls "$1/${package}_$version-"*.deb >/dev/null || die "there is no $package"
    done
    dpkg-deb -c "$1"/gstreamer1.0-pixfer_*.deb >"$work/list"
    grep -q 'gstreamer-1.0/libgstpixfer.so' "$work/list" || die "gstreamer1.0-pixfer has no plugin"
    dpkg-deb -f "$1"/gstreamer1.0-pixfer_*.deb Depends >"$work/list"
    ! grep -q libpixfer "$work/list" || die "the plugin depends on libpixfer, which it has inside"
    dpkg-deb -c "$1"/pixfer_*.deb >"$work/list"
    grep -q 'bash-completion/completions/pixfer' "$work/list" || die "pixfer has no completions"
    if command -v lintian >/dev/null; then
        lintian --fail-on error "$1"/*.changes >"$work/lintian" 2>&1 || { grep '^E:' "$work/lintian" || cat "$work/lintian"; die "lintian finds errors"; }
        say "lintian: $(grep -c '^W:' "$work/lintian" || true) warnings, no error"
    else
        say "no lintian"
    fi
}

if [ $mode != root ]; then
    dpkg-checkbuilddeps "$tree/packaging/debian/control" 2>"$work/lack" || { echo "missing: $(cat "$work/lack")"; exit 77; }
    (cd "$tree" && quietly dpkg-buildpackage -us -uc -rfakeroot)
    say "built"
    look_at "$work"
    if [ $mode = build ]; then
        mkdir -p "$keep"
        find "$work" -maxdepth 1 -type f -name 'pixfer*' -o -maxdepth 1 -type f -name '*.deb' | xargs -d '\n' cp -t "$keep"
    fi
    exit
fi

# ---- A bare root -----------------------------------------------------------------------------------------------------------------

[ "$(id -u)" = 0 ] || { echo "a root needs root"; exit 77; }
command -v debootstrap >/dev/null || { echo "there is no debootstrap"; exit 77; }
unshare --mount true 2>/dev/null || { echo "mounts of its own are not allowed here"; exit 77; }
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$release" ] && [ -d /etc/apt ] || { echo "this machine is no Debian"; exit 77; }
mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $release" 2>/dev/null | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no archive of $release"; exit 77; }
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pixfer/debian
archive=$cache/bare-$release-$(date +%G-%V).tar
mkdir -p "$cache"

if [ ! -f "$archive" ]; then
    quietly debootstrap --variant=minbase --include=ca-certificates "$release" "$work/bare" "$mirror"
    echo force-unsafe-io >"$work/bare/etc/dpkg/dpkg.cfg.d/unsafe-io" # it is thrown away
    tar -C "$work/bare" --numeric-owner -cf "$archive.$$" .
    mv "$archive.$$" "$archive"
    rm -rf "$work/bare"
    find "$cache" -name 'bare-*.tar' ! -newer "$archive" ! -path "$archive" -delete
    say "a bare root made"
fi
bare() { # bare NAME: a new root, with this machine's way to the archive as files
    mkdir "$work/$1"
    tar -C "$work/$1" --numeric-owner -xf "$archive"
    cp /etc/resolv.conf "$work/$1/etc/resolv.conf" 2>/dev/null || true
    if [ -n "$(find /etc/apt/apt.conf.d -iname '*proxy*' 2>/dev/null)" ]; then cp /etc/apt/apt.conf.d/*[Pp]roxy* "$work/$1/etc/apt/apt.conf.d/"; fi
    mkdir -p "$work/$1/var/cache/apt/archives"
    cp "$cache"/debs/*.deb "$work/$1/var/cache/apt/archives/" 2>/dev/null || true
    inside "$1" apt-get update -qq >"$work/log" 2>&1 || { cat "$work/log"; die "apt-get update"; }
}
# inside NAME COMMAND...: with /proc and terminals of its own, as build machines have them, in a space of mounts that ends with the command.
inside() {
    local name=$1
    shift
    unshare --mount --propagation private -- sh -ec 'mount -t proc proc "$0/proc" && mount -t devpts -o newinstance,ptmxmode=0666 devpts "$0/dev/pts"
        mount -t tmpfs tmpfs "$0/dev/shm"; exec env -i "$@"' "$work/$name" \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive DEB_BUILD_OPTIONS="$DEB_BUILD_OPTIONS" \
        ${http_proxy:+http_proxy="$http_proxy"} chroot "$work/$name" "$@"
}
keep_debs() { # what apt fetched, for the next run
    mkdir -p "$cache/debs"
    cp -n "$work/$1"/var/cache/apt/archives/*.deb "$cache/debs/" 2>/dev/null || true
}

bare built
mkdir "$work/built/build"
cp -R "$tree" "$work/pixfer_$version.orig.tar.gz" "$work/built/build/"
profiles=
case " $DEB_BUILD_OPTIONS " in *" nocheck "*) profiles="-P nocheck" ;; esac
quietly inside built apt-get install -qq -y --no-install-recommends dpkg-dev fakeroot
quietly inside built apt-get build-dep -qq -y --no-install-recommends $profiles "/build/pixfer-$version"
keep_debs built
say "Build-Depends installed"
quietly inside built sh -c "cd /build/pixfer-$version && dpkg-buildpackage -us -uc -rfakeroot ${profiles:+-P$(echo nocheck)}"
mkdir "$work/packages"
find "$work/built/build" -maxdepth 1 -type f -exec cp -t "$work/packages" {} +
say "built in the bare root"
look_at "$work/packages"
rm -rf "$work/built"

bare used
inside used dpkg-query -W -f '${Package}\n' | sort >"$work/before"
mkdir "$work/used/packages"
cp "$work"/packages/*.deb "$work/used/packages/"
rm -f "$work"/used/packages/*-dbgsym_*
quietly inside used sh -c 'apt-get install -qq -y --no-install-recommends /packages/*.deb'
keep_debs used
say "installed"

expected=$("$source_dir/tests/api/reference.sh" --sum "$source_dir")
cat >"$work/used/frame.py" <<'P'
import sys
rgba = bytes(value & 255 for y in range(144) for x in range(256) for value in (x, 7 * y, x * y, 255))
if len(sys.argv) > 1:
    sys.stdout.buffer.write(rgba)
else:
    import pixfer
    sys.stdout.buffer.write(bytes(pixfer.rgba_to_nv12(rgba, width=256, height=144)))
P
sum() { # sum WHAT SHELL-COMMAND: it prints the frame's NV12 in the root
    local found
    found=$(inside used sh -c "$2" 2>"$work/log" | md5sum | cut -d' ' -f1) || true # what it says is shown below
    [ "$found" = "$expected" ] || { cat "$work/log"; die "$1: the sum is $found, expected $expected"; }
    say "$1: $found"
}
inside used sh -c 'python3 /frame.py rgba >/in.rgba'
sum "the tool" 'pixfer convert --size 256x144 /in.rgba -'
sum "the module" 'python3 /frame.py'
quietly inside used python3 -c 'import pixfer; pixfer.Exporter'
# The tools of GStreamer, ffmpeg and a compiler are a user's own.
quietly inside used apt-get install -qq -y --no-install-recommends gstreamer1.0-tools gstreamer1.0-plugins-base ffmpeg gcc libc6-dev pkg-config
keep_debs used
quietly inside used gst-inspect-1.0 pixferconvert
sum "the element" 'gst-launch-1.0 -q filesrc location=/in.rgba blocksize=147456 ! rawvideoparse format=rgba width=256 height=144 ! pixferconvert ! \
    video/x-raw,format=NV12 ! filesink location=/out.nv12 >&2 && cat /out.nv12'
sum "the drop-in" 'LD_PRELOAD=libpixfer-sws.so ffmpeg -nostdin -v error -f rawvideo -pix_fmt rgba -s 256x144 -i /in.rgba \
    -vf scale=out_color_matrix=bt709:out_h_chr_pos=0 -pix_fmt nv12 -f rawvideo -'
cp "$source_dir/tests/api/reference.c" "$work/used/"
sum "the library" 'cc -O2 /reference.c -o /reference $(pkg-config --cflags --libs pixfer) && /reference'
quietly inside used sh -c 'cc -O2 /usr/share/doc/libpixfer-dev/examples/export_mp4.c -o /export $(pkg-config --cflags --libs pixfer-exporter) -lm && /export /out.mp4'
quietly inside used sh -c 'pixfer export /in.rgba --size 256x144 --fps 30 -o /tool.mp4 && ffprobe -v error /tool.mp4 && pixfer info && pixfer bench convert --help'
quietly inside used bash -c '. /usr/share/bash-completion/completions/pixfer && complete -p pixfer'

inside used sh -c 'dpkg-query -W -f "\${Package}\n" "*pixfer*"' >"$work/ours"
quietly inside used sh -c "apt-get purge -qq -y $(xargs <"$work/ours")"
left=$(inside used find / -xdev -not -path '/proc/*' -not -path '/packages/*' -iname '*pixfer*' | xargs)
[ -z "$left" ] || die "purging leaves $left"
say "purged, nothing is left"
