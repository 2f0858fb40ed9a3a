#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# COMPLETIONS PIXFER [PIXFER-BENCH]: what the shells complete is what the programs take. Bash is asked as readline asks it, fish by its own
# `complete -C`, zsh reads its file.
set -u
export LC_ALL=C
folder=$1 pixfer=$2 bench=${3:-}
failures=0
fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-completions.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
touch in.rgba 'a file.mkv'

bash -n "$folder/pixfer" || fail "bash cannot parse its file"
. "$folder/pixfer"
complete -p pixfer 2>/dev/null | grep -q -- '-F _pixfer' || fail "nothing is registered with bash"

# completed WORD...: what bash offers for the last word; "--matrix=" reaches it as three words.
completed() {
    local word
    COMP_WORDS=(pixfer)
    for word in "$@"; do
        case $word in
            --*=*) COMP_WORDS+=("${word%%=*}" = "${word#*=}")
                [ -n "${word#*=}" ] || unset "COMP_WORDS[${#COMP_WORDS[@]}-1]" ;;
            *) COMP_WORDS+=("$word") ;;
        esac
    done
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _pixfer 2>/dev/null
    echo "${COMPREPLY[*]}"
}
check() { # check EXPECTED WORD...
    local expected=$1 found
    shift
    found=$(completed "$@")
    [ "$found" = "$expected" ] || fail "pixfer $*: found '$found', expected '$expected'"
}
check "convert" con
check "--max-gap --max-pixels --max-cll" export --max
check "bt709 bt601 smpte240m bt2020" convert --matrix ""
check "smpte240m" convert --matrix s
check "smpte240m" convert --matrix=s
check "bt709 bt601 smpte240m bt2020" convert --matrix=
check "limited full" export in.rgba --range ""
check "left center top-left" convert --siting ""
check "nv12 nv21 nv24 nv16" convert -t nv
check "0 90 180 270" export --rotate ""
check "kernels encoders backends" selftest --only ""
check "--json" info --j
check "" convert --size ""
check "" export --title i
check "in.rgba" convert --size 2x2 in
check "in.rgba" export --audio i
check "export" help exp
check "a file.mkv" export a

# Every command and every option of the help is offered, and nothing else; every word after an option is taken there.
options() { grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE -- '--[a-z-]+' | sort; }
both() { # both PROGRAM PREFIX COMMAND
    "$1" "$3" --help | options >expected
    [ -s expected ] || fail "$2$3 --help lists no options"
    completed $2 "$3" -- | tr ' ' '\n' >/dev/null
    completed $2 "$3" "-" | tr ' ' '\n' | sort >found
    cmp -s expected found || fail "$2$3: offered are '$(xargs <found)', the help has '$(xargs <expected)'"
    local option word count=0
    for option in $(cat expected); do
        case " --output --audio --stats --report --scratch --html --chart --json --libyuv " in *" $option "*) continue ;; esac
        for word in $(completed $2 "$3" "$option" ""); do
            case $word in in.rgba | a | file.mkv | expected | found) continue ;; esac
            "$1" "$3" "$option" "$word" --help >/dev/null 2>&1 || fail "$2$3 $option $word is offered and refused"
            count=$((count + 1))
        done
    done
    case $3 in convert | export | selftest) [ "$count" -gt 0 ] || fail "$2$3: no option has words behind it" ;; esac
    echo "# $2$3: $count words behind options"
}
for command in $("$pixfer" --help | awk '/^Commands:/ { on = 1; next } on && !NF { exit } on { print $1 }'); do
    [ "$(completed "$command")" = "$command" ] || fail "the command $command is not offered"
    [ "$command" = bench ] || both "$pixfer" "" "$command"
done
if [ -n "$bench" ]; then
    check "convert export --help" bench ""
    for command in convert export; do both "$bench" "bench " $command; done
fi

if command -v zsh >/dev/null; then
    zsh -n "$folder/_pixfer" || fail "zsh cannot parse its file"
    head -n 1 "$folder/_pixfer" | grep -q '^#compdef pixfer$' || fail "zsh would not know whose file it is"
    # In a shell with its completion system: the function runs up to _arguments, which is given the options.
    zsh -f -c 'fpath=('"$folder"' $fpath); autoload -Uz compinit; compinit -u -d '"$work"'/dump; autoload +X _pixfer; shown=()
        _arguments() { print -rl -- "$@" }; _describe() { print -rl -- "${(P@)2}" }
        words=(pixfer convert --ma); CURRENT=3; _pixfer' >zsh.out 2>&1
    grep -qF -- "--matrix=[bt709 (default), bt601, smpte240m or bt2020]:NAME:(bt709 bt601 smpte240m bt2020)" zsh.out ||
        fail "zsh: no --matrix in $(head -c 600 zsh.out)"
fi
if command -v fish >/dev/null; then
    export HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work
    fish -n "$folder/pixfer.fish" || fail "fish cannot parse its file"
    asked() { fish -c "source '$folder/pixfer.fish'; complete -C '$1'" 2>/dev/null | cut -f1 | xargs; }
    [ "$(asked 'pixfer convert --matrix ' | tr ' ' '\n' | sort | xargs)" = "bt2020 bt601 bt709 smpte240m" ] || fail "fish offers '$(asked 'pixfer convert --matrix ')' behind --matrix"
    [ "$(asked 'pixfer sel')" = selftest ] || fail "fish offers '$(asked 'pixfer sel')' for sel"
    [ "$(asked 'pixfer export --keep')" = --keep-start ] || fail "fish offers '$(asked 'pixfer export --keep')' for --keep"
fi
[ "$failures" = 0 ]
