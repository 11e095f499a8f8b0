#!/bin/sh
# Opens a hand-off by doing exactly what its OPENING.md says, with the stock
# tools that are installed: age, tar, sha256sum, ssh-keygen.
#
#   opening.sh HANDOFF IDENTITY SENDER_PUB OUT
#
# Every fenced block of OPENING.md marked sh is run, in order, in one shell,
# inside the hand-off's folder; the first command that fails ends it. The three
# variables that OPENING.md lets the reader set are set, nothing else is added.
set -eu

if [ $# -ne 4 ]; then
	echo "usage: opening.sh HANDOFF IDENTITY SENDER_PUB OUT" >&2
	exit 2
fi
for tool in age tar sha256sum ssh-keygen; do
	if ! command -v "$tool" > /dev/null; then
		echo "opening.sh: $tool is not installed (Debian: apt-get install age openssh-client)" >&2
		exit 2
	fi
done

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$PWD" "$1" ;;
	esac
}
handoff=$(absolute "$1")
IDENTITY=$(absolute "$2")
SENDER=$(absolute "$3")
OUT=$(absolute "$4")
export IDENTITY SENDER OUT

commands=$(mktemp)
trap 'rm -f "$commands"' EXIT
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$handoff/OPENING.md" > "$commands"
if [ ! -s "$commands" ]; then
	echo "opening.sh: OPENING.md has no commands" >&2
	exit 1
fi
cd "$handoff"
sh -eu "$commands"
