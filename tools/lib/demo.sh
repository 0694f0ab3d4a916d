# The demo neighbourhood: small nodes on loopback, so that a newcomer's first search finds something.
demo_nodes=8
demo_dir=
demo_pids=()
demo_entry=

# knows_peers PRALINE DATA [FLAG…]: a peer was named, the public network is on, or the host cache holds somebody who is
# not of an earlier demo.
knows_peers() {
  local praline=$1 data=$2; shift 2
  local flag
  for flag in "$@"; do
    case $flag in --peer|--peer=*|gnutella|--network=gnutella) return 0 ;; esac
  done
  local config known
  config=$("$praline" --data "$data" config show --json 2>/dev/null) || return 1
  case $config in *'"network":"gnutella"'*) return 0 ;; esac
  case $config in *'"peers":""'*) ;; *) return 0 ;; esac
  [ -f "$data/praline.db" ] || return 1
  known=$("$praline" --data "$data" peers --known --json 2>/dev/null) || return 1
  printf '%s' "$known" | grep -o '"address":"[0-9.]*' | grep -qv '"address":"127\.'
}

# Freely licensed text and media that Debian machines have; each node gets a part. Links would be skipped, so copies.
share_some() {
  local number=$1 folder=$2
  mkdir -p "$folder"
  { find /usr/share/common-licenses /usr/share/fonts /usr/share/sounds /usr/share/icons/hicolor /usr/share/backgrounds /usr/share/perl \
      -type f -size +0 -size -4M 2>/dev/null \( -name '*.ttf' -o -name '*.otf' -o -name '*.oga' -o -name '*.ogg' -o -name '*.wav' -o -name '*.png' -o -name '*.svg' -o -name '*.jpg' -o -name '*.pod' -o -path '*common-licenses*' \)
    find /usr/share/doc -type f -size +2k -size -4M \( -name '*.txt' -o -name '*.html' -o -name '*.md' -o -name 'copyright' -o -name '*.pdf' -o -name 'README*' \) 2>/dev/null
  } | sort | awk -v nodes="$demo_nodes" -v me="$number" 'NR % nodes == me % nodes' | head -n 150 | while read -r file; do
    local name=${file##*/}
    # A bare "copyright" or "README" says nothing: the package's name goes in front.
    case $name in copyright|README*|index.html) name="$(basename "$(dirname "$file")") $name" ;; esac
    case $name in *copyright) name="$name.txt" ;; esac
    [ -e "$folder/$name" ] || cp --reflink=auto "$file" "$folder/$name" 2>/dev/null || true
  done || true   # folders that this machine does not have are no fault
  # Everybody has a few licences, so that a result with several sources can be seen.
  local licence
  for licence in GPL-3 Apache-2.0 MPL-2.0 Artistic CC0-1.0; do
    if [ -f "/usr/share/common-licenses/$licence" ]; then cp -L "/usr/share/common-licenses/$licence" "$folder/$licence license.txt"; fi
  done
}

start_demo() {
  local praline=$1 number peers
  demo_dir=$(mktemp -d "${TMPDIR:-/tmp}/praline-demo.XXXXXX")
  say "Starting a demo neighbourhood of $demo_nodes nodes on loopback (leave it out with --alone)"
  # In a ring of ultrapeers with leaves, so that queries travel: nodes 0 to 3 are ultrapeers, 4 to 7 their leaves.
  for number in $(seq 0 $((demo_nodes - 1))); do
    share_some "$number" "$demo_dir/share-$number"
    peers=()
    if [ "$number" -ge 1 ] && [ "$number" -le 3 ]; then peers=(--peer "$(cat "$demo_dir/address-$((number - 1))")"); fi
    if [ "$number" -ge 4 ]; then peers=(--peer "$(cat "$demo_dir/address-$((number - 4))")"); fi
    local mode=ultrapeer; [ "$number" -ge 4 ] && mode=leaf
    ( trap '' INT; exec "$praline" node --data "$demo_dir/node-$number" --listen 127.0.0.1:0 --api 127.0.0.1:0 --mode "$mode" \
        --share "$demo_dir/share-$number" --log-level warn "${peers[@]+"${peers[@]}"}" ) >"$demo_dir/out-$number" 2>"$demo_dir/log-$number" &
    demo_pids+=($!)
    wait_for_address "$number" || die "A demo node did not start: $(tail -n 3 "$demo_dir/log-$number")"
  done
  demo_entry=$(cat "$demo_dir/address-0")
}

wait_for_address() {
  local number=$1 tries
  for tries in $(seq 200); do
    if grep -q '^Peers reach this node at' "$demo_dir/out-$number" 2>/dev/null; then
      sed -n 's/^Peers reach this node at \(.*\)\.$/\1/p' "$demo_dir/out-$number" > "$demo_dir/address-$number"
      return 0
    fi
    kill -0 "${demo_pids[-1]}" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

stop_demo() {
  [ -n "$demo_dir" ] || return 0
  local pid
  for pid in "${demo_pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${demo_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$demo_dir"
  demo_dir=
}
