# shellcheck shell=bash
# What the scripts share. Source it after `set -euo pipefail`.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}
wrong_use() {
  printf '%s: %s; try --help\n' "$(basename "$0")" "$*" >&2
  exit 2
}

missing_of() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# One line on a terminal that says where apt is; nothing into a file.
progress() {
  if [[ -t 1 ]]; then
    awk '/^(Get:|Unpacking|Setting up)/ { printf "\r\033[K    %.70s", $0; fflush() } END { printf "\r\033[K" }'
  else
    cat >/dev/null
  fi
}

# What apt would fetch for these packages, in whole MB; what is in its cache already is not counted.
# megabytes_to_fetch [OPTION OF apt-get…] PACKAGE…
megabytes_to_fetch() {
  apt-get install --yes --quiet=2 --print-uris "$@" 2>/dev/null |
    awk '$1 ~ /^\047/ { bytes += $3 } END { printf "%d", (bytes + 999999) / 1000000 }'
}

# Compilers to run at one time: as many as there are processors, but each may need 1 GB of memory.
jobs_for_this_machine() {
  local processors gigabytes
  processors=$(nproc)
  gigabytes=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
  ((gigabytes < 1)) && gigabytes=1
  echo $((processors < gigabytes ? processors : gigabytes))
}

# build PRESET [TARGET…]: configures the first time only; ninja calls CMake again by itself when it must. When
# nothing has changed, it takes a fraction of a second.
build() {
  local preset=$1 folder=build/$1
  shift
  if [[ ! -f $folder/build.ninja ]]; then
    step "Configuring and building ($preset); the first time takes some minutes"
    mkdir -p build
    cmake --preset "$preset" >"$folder.log" 2>&1 || {
      tail -n 30 "$folder.log" >&2
      rm -f "$folder/build.ninja"
      die "CMake failed; all that it said is in $folder.log"
    }
  fi
  ninja -C "$folder" -j "$(jobs_for_this_machine)" --quiet "$@" ||
    die "the build failed; the first error stands above"
}
