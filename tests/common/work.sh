# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by tests: the working directory is empty and goes away at the end.
export LC_ALL=C
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

skip() {
    echo "skipped: $*"
    exit 77
}

finish() {
    [ "$failures" = 0 ] || exit 1
    exit 0
}
