# SPDX-License-Identifier: EUPL-1.2
# What deploy/run and tests/run share: installing, building only what changed, and saying what to do when it fails.
# Sourced by bash from the root of the checkout. Everything made lies in build/, web/dist and the node_modules folders.

stamps=build/stamps
export LC_ALL=C.UTF-8 # a bare system has no other, and what programs say is read here

say() { printf '%s\n' "$*"; }
fail() {
	printf '%s: %s\n' "${0#./}" "$*" >&2
	exit 1
}

# now_ms: the clock for durations.
now_ms() { printf '%s\n' $((${EPOCHREALTIME/[.,]/} / 1000)); }

# need_checkout: this is a Debian, and the folder is ours to write to.
need_checkout() {
	command -v apt-get >/dev/null || fail "this is made for Debian 12: apt-get is missing here."
	[ -w . ] || fail "cannot write to $PWD: run as its owner, or copy the checkout to a folder of yours."
	mkdir -p build/log || fail "cannot make build/ in $PWD."
}

# as_root COMMAND…: directly, or through sudo.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install PACKAGE…
apt_install() {
	local ask="let an administrator install these packages, then start again: $*"
	need_disk 3000 /usr
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || fail "neither root nor sudo: $ask"
		sudo -v || fail "sudo refuses: $ask"
	fi
	say "installing from Debian: $# package(s)"
	logged apt-update as_root apt-get update -q
	logged apt-install as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# logged NAME COMMAND…: run it silently; when it fails, show the end of what it said.
logged() {
	local log=build/log/$1.log
	shift
	mkdir -p build/log
	"$@" >"$log" 2>&1 && return
	tail -n 40 "$log" >&2
	fail "'$*' failed; all it said is in $log."
}

# is_older STAMP PATH…: the stamp is missing, or something in the paths is newer.
is_older() {
	local stamp=$stamps/$1
	shift
	[ ! -e "$stamp" ] || [ -n "$(find "$@" \( -name node_modules -o -name dist \) -prune -o -newer "$stamp" -print -quit 2>/dev/null)" ]
}
stamp() {
	mkdir -p $stamps
	touch "$stamps/$1"
}

# need_disk MEBIBYTES [FOLDER]
need_disk() {
	local free
	free=$(df --output=avail -m "${2:-.}" | tail -n 1)
	[ "$free" -ge "$1" ] || fail "only ${free// /} MiB are free in ${2:-$PWD} and $1 are needed: make room."
}

# install_packages KIND…: the Debian packages of these kinds that are missing.
install_packages() {
	local kinds=$* missing=() package
	is_older "packages-${kinds// /-}" deploy/packages || return 0
	for package in $(awk -v kinds=" $kinds " 'index(kinds, " " $1 " ") { print $2 }' deploy/packages); do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
	stamp "packages-${kinds// /-}"
}

# use_node: put a Node of at least 20.19 first in the PATH. Debian 12 has 18; then the registry's package `node` brings one.
use_node() {
	is_new_node && command -v npm >/dev/null && return
	PATH=$PWD/build/node/node_modules/node/bin:$PATH
	is_new_node && command -v npm >/dev/null && return
	command -v npm >/dev/null || apt_install npm
	mkdir -p build/node
	logged node npm install --no-audit --no-fund --prefix build/node node@20
	hash -r
	is_new_node || fail "Node 20.19 or newer is needed and could not be installed; see build/log/node.log."
}
is_new_node() {
	local version major minor
	version=$(node --version 2>/dev/null) || return 1
	IFS=. read -r major minor _ <<<"${version#v}"
	[ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }
}

# npm_install FOLDER: what its lock file names.
npm_install() {
	local name=npm-${1//\//-}
	[ -d "$1/node_modules" ] && ! is_older "$name" "$1/package-lock.json" && return
	use_node
	say "installing the npm packages of $1"
	logged "$name" npm ci --no-audit --no-fund --prefix "$1"
	stamp "$name"
}

build_web() {
	npm_install web
	is_older web web signaling/protocol || return 0
	use_node
	say "building the pages"
	logged web npm run build --prefix web
	stamp web
}

# build_c PRESET: configure and compile.
build_c() {
	local sources=(CMakeLists.txt CMakePresets.json core booking ident media signaling)
	[ "$1" = release ] || sources+=(tests)
	is_older "c-$1" "${sources[@]}" || return 0
	need_disk 1000
	say "compiling ($1)"
	[ -e "build/$1/build.ninja" ] || logged "configure-$1" cmake --preset "$1"
	logged "compile-$1" cmake --build --preset "$1"
	stamp "c-$1"
}

# is_udp_port_free PORT, on every address
is_udp_port_free() { ! cat /proc/net/udp /proc/net/udp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") "; }

# is_port_free HOST PORT
is_port_free() { ! (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
