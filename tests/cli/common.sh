# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by the tests: $pixfer is the tool.
. "$(dirname "${BASH_SOURCE[0]}")/../common/work.sh"
pixfer=$1

# run EXPECTED-STATUS ARGUMENT...: runs the tool with stdin as it is, stdout in ./out and stderr in ./err.
run() {
    local expected=$1 status=0
    shift
    "$pixfer" "$@" >out 2>err || status=$?
    if [ "$status" != "$expected" ]; then
        fail "pixfer $*: exit status $status, expected $expected; stderr: $(cat err)"
        return 1
    fi
}

# says TEXT: the last run's stderr contains it.
says() {
    grep -qF -- "$1" err || fail "stderr is '$(cat err)', expected it to contain '$1'"
}

# same FILE FILE WHAT
same() {
    cmp -s "$1" "$2" || fail "$3: $1 and $2 differ"
}

# bytes COUNT: reproducible noise, the same bytes at the same place for any count.
bytes() {
    awk -v n="$1" 'BEGIN { srand(7); for (i = 0; i < 4096; i++) b = b sprintf("%c", 33 + int(rand() * 90));
                           for (; n > 0; n -= 4096) printf "%s", substr(b, 1, n < 4096 ? n : 4096) }'
}

# pixels COUNT BYTE...: the bytes, COUNT times; BYTE in octal.
pixels() {
    local count=$1 text
    shift
    text=$(printf '\\%s' "$@")
    for ((i = 0; i < count; i++)); do printf "$text"; done
}

# decimal FILE: its bytes as numbers on one line.
decimal() {
    od -An -v -tu1 "$1" | tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

size() {
    wc -c <"$1" | tr -d ' '
}

nothing_left() {
    local part
    for part in *.part; do
        [ ! -e "$part" ] || fail "$1 left $part behind"
    done
}
