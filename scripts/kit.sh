# shellcheck shell=bash
# The offline kit of scripts/quickstart: everything a fresh minimal Debian needs to run a hub, in one folder. Source
# it after lib.sh.
#
#   quickstart LISEZMOI.txt README.txt   for people
#   kit                 release=12 architecture=amd64 installed_kb=… made=…
#   wanted              names of the packages that the hub itself asks for
#   packages/           a flat Debian repository: *.deb and Packages
#   bin/ config/ deploy/ scripts/ recordings/
#   SHA256SUMS          of all the others, written last: a kit without it is not complete

kit_release() {
  # shellcheck source=/dev/null
  (. /etc/os-release && echo "${ID:-?} ${VERSION_ID:-?}")
}

# Debian packages that own the libraries of these programs.
packages_of_libraries() {
  local files=() library real
  while read -r library; do
    # With merged /usr, dpkg may know a file by either name.
    real=$(realpath "$library")
    files+=("$library" "$real" "${real#/usr}" "/usr$library")
  done < <(ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u)
  # It fails when it does not know one of the names, which is so for most.
  { dpkg-query --search "${files[@]}" 2>/dev/null || true; } | sed 's/:.*//' | sort -u
}

# apt_of_kit STATE_FOLDER …: apt-get that sees no installed package, so that it takes all dependencies.
apt_of_kit() {
  local state=$1
  shift
  apt-get -o Dir::State::status="$state/status" -o Dir::Cache::archives="$state/archives" \
    -o Dir::State::extended_states="$state/extended" -o Debug::NoLocking=1 -o APT::Install-Recommends=false \
    -o APT::Sandbox::User=root --yes --quiet "$@"
}

# The index of a flat repository, from the packages themselves.
write_package_index() {
  local sum size file
  paste <(cd "$1" && sha256sum -- *.deb) <(cd "$1" && stat --format=%s -- *.deb) |
    while read -r sum file size; do
      dpkg-deb --field "$1/$file" | sed '/^ *$/d'
      printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$size" "$sum"
    done >"$1/Packages"
}

# count_on_terminal TOTAL WORD: lines in, one line on the terminal that counts them.
count_on_terminal() {
  if [[ -t 1 ]]; then
    awk -v total="$1" -v word="$2" '{ printf "\r\033[K    %s %d / %d", word, NR, total; fflush() }
      END { printf "\r\033[K" }'
  else
    cat >/dev/null
  fi
}

need_space() {
  local folder=$1 megabytes=$2 free
  while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
  free=$(df --output=avail --block-size=1M "$folder" | tail -n 1)
  ((free > megabytes)) ||
    die "$folder has only ${free// /} MB free, $megabytes MB are needed: make room, or take another folder"
}

# save_kit FOLDER BIN_FOLDER [RECORDINGS]
save_kit() {
  local kit=$1 bin=$2 recordings=${3:-} work fetch recordings_mb=0 wanted
  if [[ -e $kit && ! -d $kit ]]; then die "$kit is not a folder"; fi
  if [[ -d $kit && ! -e $kit/kit && -n $(ls -A "$kit") ]]; then
    die "$kit is not empty and no kit; give another folder, such as $kit/viewing-hub"
  fi
  if [[ -n $recordings ]]; then
    [[ -d $recordings ]] || die "there are no recordings in $recordings"
    recordings_mb=$(du --summarize --block-size=1M "$recordings" | cut -f 1)
  fi
  work=$(mktemp --directory)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/archives/partial"
  touch "$work/status" "$work/extended"
  mapfile -t wanted < <({
    scripts/setup --list run
    packages_of_libraries "$bin/viewing-hub" "$bin/viewing-hub-worker"
    echo ca-certificates
  } | sort -u)

  [[ " ${wanted[*]} " == *" libc6 "* ]] || die "the libraries of $bin/viewing-hub were not found"

  apt_of_kit "$work" install --print-uris "${wanted[@]}" >"$work/uris" 2>"$work/errors" || {
    cat "$work/errors" >&2
    die "apt does not find all packages; renew its lists with: sudo apt-get update"
  }
  fetch=$(awk '$1 ~ /^\047/ { bytes += $3 } END { printf "%d", bytes / 1000000 + 1 }' "$work/uris")
  need_space "$kit" $((fetch + recordings_mb + 50))
  need_space "$work" $((fetch + 50))
  step "Fetching $(grep -c "^'" "$work/uris") packages, $fetch MB"
  apt_of_kit "$work" install --download-only "${wanted[@]}" 2>&1 | tee "$work/log" | progress || {
    grep -m 3 '^E:' "$work/log" >&2 || tail -n 20 "$work/log" >&2
    die "the packages could not be fetched. Is this machine connected? Then try again."
  }

  step "Writing the kit into $kit"
  mkdir -p "$kit" || die "$kit cannot be made"
  # SHA256SUMS first, so that a kit that is half written is none.
  rm -rf "${kit:?}/SHA256SUMS" "${kit:?}"/{packages,bin,config,deploy,scripts,recordings}
  mkdir -p "$kit"/{packages,bin,config,deploy,scripts}
  cp "$work"/archives/*.deb "$kit/packages/"
  write_package_index "$kit/packages"
  strip -o "$kit/bin/viewing-hub" "$bin/viewing-hub"
  strip -o "$kit/bin/viewing-hub-worker" "$bin/viewing-hub-worker"
  cp config/*.toml "$kit/config/"
  cp -r deploy/. "$kit/deploy/"
  cp scripts/lib.sh scripts/kit.sh scripts/quickstart "$kit/scripts/"
  [[ -z $recordings ]] || cp -r "$recordings" "$kit/recordings"
  printf '%s\n' "${wanted[@]}" >"$kit/wanted"
  printf 'release=%s\narchitecture=%s\ninstalled_kb=%s\nmade=%s\n' "$(kit_release | cut -d ' ' -f 2)" \
    "$(dpkg --print-architecture)" "$(awk '/^Installed-Size:/ { kb += $2 } END { print kb }' "$kit/packages/Packages")" \
    "$(date --utc +%Y-%m-%d)" >"$kit/kit"
  write_kit_texts "$kit"
  (cd "$kit" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS.part &&
    sync -f . && mv SHA256SUMS.part SHA256SUMS)
  say "The kit is in $kit: $(du --summarize --block-size=1M --apparent-size "$kit" | cut -f 1) MB, for $(kit_release) on $(dpkg --print-architecture) only."
  say "There: bash quickstart --from ."
}

write_kit_texts() {
  local kit=$1 machine
  machine="$(kit_release), $(dpkg --print-architecture)"
  cat >"$kit/quickstart" <<'END'
#!/usr/bin/env bash
# Installe le hub depuis ce dossier, sans Internet. / Installs the hub from this folder, without Internet.
set -euo pipefail
kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ " $* " == *" --from "* ]] || set -- --from "$kit" "$@"
exec bash "$kit/scripts/quickstart" "$@"
END
  cat >"$kit/LISEZMOI.txt" <<END
Hub de visionnage : kit sans Internet

Pour une machine sous $machine (même système, même processeur).

1. Branchez la clé, ouvrez un terminal dans ce dossier.
2. Tapez : bash quickstart
3. Le hub démarre avec une chaîne de démonstration et montre le QR code pour les téléphones.

Rien n'est pris sur Internet ; la clé peut être en lecture seule. Le hub est copié dans le dossier
viewing-hub du compte qui l'installe (ou : bash quickstart --to DOSSIER). Vos réglages : config/hub.toml dans ce
dossier-là, puis : viewing-hub/bin/viewing-hub serve --config viewing-hub/config/hub.toml
Un fichier abîmé est nommé avant que rien ne soit installé ; recopiez alors le kit.
Pour un démarrage automatique avec la machine : deploy/INSTALL.md.
END
  cat >"$kit/README.txt" <<END
Viewing hub: kit without Internet

For a machine with $machine (same system, same processor).

1. Plug in the stick, open a terminal in this folder.
2. Type: bash quickstart
3. The hub starts with a demo channel and shows the QR code for phones.

Nothing is taken from the Internet; the stick may be read-only. The hub is copied into the folder viewing-hub of the
account that installs it (or: bash quickstart --to FOLDER). Your settings: config/hub.toml in that folder, then:
viewing-hub/bin/viewing-hub serve --config viewing-hub/config/hub.toml
A damaged file is named before anything is installed; copy the kit again then.
To start with the machine: deploy/INSTALL.md.
END
}

# check_kit FOLDER: complete, sound, and for this machine; ends the script otherwise.
check_kit() {
  local kit=$1 release architecture damaged total
  [[ -d $kit ]] || die "there is no folder $kit"
  [[ -r $kit/kit && -r $kit/SHA256SUMS ]] ||
    die "$kit is not a complete kit; make it again with: scripts/quickstart --save FOLDER"
  release=$(sed -n 's/^release=//p' "$kit/kit")
  architecture=$(sed -n 's/^architecture=//p' "$kit/kit")
  [[ $(kit_release) == "debian $release" ]] ||
    die "this kit is for Debian $release, this machine has $(kit_release): make a kit on a machine like this one"
  [[ $(dpkg --print-architecture) == "$architecture" ]] ||
    die "this kit is for $architecture, this machine is $(dpkg --print-architecture): make a kit on a machine like this one"
  total=$(wc -l <"$kit/SHA256SUMS")
  step "Checking the $total files of the kit"
  damaged=$(cd "$kit" && LC_ALL=C sha256sum --check SHA256SUMS 2>/dev/null | tee >(count_on_terminal "$total" checked >&2) |
    sed -n 's/: FAILED.*//p') || true
  [[ -z $damaged ]] || die "damaged or missing in $kit, nothing was installed; copy the kit again:
$damaged"
}

# install_kit FOLDER TARGET
install_kit() {
  local kit=$1 target=$2 wanted missing work file
  check_kit "$kit"
  mapfile -t wanted <"$kit/wanted"
  mapfile -t missing < <(missing_of "${wanted[@]}")
  need_space "$target" 200
  if ((${#missing[@]})); then
    ((EUID == 0)) || command -v sudo >/dev/null ||
      die "${#missing[@]} packages are missing and there is no sudo; run this once as root: su -c 'bash $kit/quickstart --install-only --to $target'"
    need_space /usr $(($(sed -n 's/^installed_kb=//p' "$kit/kit") / 1000 + 100))
    step "Installing ${#missing[@]} packages and what they need from the kit"
    work=$(mktemp --directory)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    chmod 755 "$work"
    # apt knows no way to write a folder with a space into its list of sources; a stick may be called so.
    ln -s "$kit/packages" "$work/packages"
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    echo "deb [trusted=yes] file:$work/packages ./" >"$work/sources.list"
    if ! apt_from_kit "$work" update || ! apt_from_kit "$work" install "${missing[@]}"; then
      grep -m 5 -E '^(E:| .*(Depends|but ))' "$work/log" >&2 || tail -n 20 "$work/log" >&2
      die "the packages of the kit could not be installed"
    fi
    as_root rm -rf "$work" # the trap does not come to it: the hub takes the place of the script
  fi

  step "Copying the hub to $target"
  mkdir -p "$target"/{bin,config,deploy} || die "$target cannot be made; give another folder with --to"
  for file in bin/viewing-hub bin/viewing-hub-worker; do
    install --mode=755 "$kit/$file" "$target/$file.new" && mv "$target/$file.new" "$target/$file"
  done
  cp "$kit/config/demo.toml" "$target/config/"
  # hub.toml is the host's once it is there.
  [[ -e $target/config/hub.toml ]] || cp "$kit/config/hub.toml" "$target/config/"
  cp -r "$kit/deploy/." "$target/deploy/"
  if [[ -d $kit/recordings ]]; then
    mkdir -p "$target/data" && chmod 700 "$target/data"
    cp -rn "$kit/recordings" "$target/data/"
  fi
  chmod -R u+w "$target/config" "$target/deploy"
}

# apt_from_kit WORK …: apt-get that knows only the packages of the kit. All that it says goes to WORK/log.
apt_from_kit() {
  local work=$1
  shift
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get --yes --quiet --no-install-recommends \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" 2>&1 | tee -a "$work/log" | progress
}
