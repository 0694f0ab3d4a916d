# Shared by tools/run, tools/test and tools/fuzz: what they install and how they build.
# Debian packages; the reason for each library stands in README.md.
build_packages=(g++ cmake ninja-build ccache mold pkg-config
  ca-certificates libboost1.81-dev libsqlite3-dev libspdlog-dev libfmt-dev libssl-dev zlib1g-dev libutf8proc-dev
  libtomlplusplus-dev libcli11-dev catch2 librhash-dev)
page_packages=(nodejs npm)
test_packages=(aria2 chromium curl dpkg-dev libopenmpi-dev libzstd-dev openmpi-bin openssl python3 python3-jsonschema python3-libtorrent transmission-cli clang-format universal-ctags)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

# Paths in the compiler cache are relative to the checkout, so that a second clone finds what the first one compiled.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# install PACKAGE…: those that are missing, nothing at all when none is.
install_packages() {
  local missing=() package
  for package in "$@"; do
    case $package in
      nodejs) command -v node >/dev/null && continue ;;   # any Node.js from 18 on will do
      npm) command -v npm >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "Installing ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "These Debian packages are missing, and only root can install them: ${missing[*]}"
    sudo=(sudo)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || die "The packages could not be installed. Is this Debian 12, and is its package archive reachable?"
}

# build PRESET [TARGET…]
build() {
  local preset=$1; shift
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
