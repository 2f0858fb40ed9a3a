# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests of this folder: SOURCE-DIR BUILD-DIR as arguments, a temporary folder as $work.
set -euo pipefail
source_dir=$1 build_dir=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CC=${CC:-cc}
die() { printf '%s\n' "$*" >&2; exit 1; }

# The manifests of the developer's own installation from this build stay what they are.
keep_manifests() {
    mkdir "$work/manifests"
    mv "$build_dir"/install_manifest*.txt "$work/manifests/" 2>/dev/null || true
    trap 'rm -f "$build_dir"/install_manifest*.txt; mv "$work"/manifests/* "$build_dir/" 2>/dev/null || true; rm -rf "$work"' EXIT
}
