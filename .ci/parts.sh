# What .ci/run and .ci/older share: parts of the suite that run beside each other, and the one line that sums them up.
# shellcheck shell=bash
export CI=true NO_COLOR=1 DEBIAN_FRONTEND=noninteractive

# The release of Deno that Deno Deploy names, and the groups in which the suite runs on it, each of about a minute: that first which
# matters most there. A file belongs to the first group that it matches.
OLDER_VERSION=2.5.0
OLDER_GROUPS=(
  'faults/(deploy|drain|kv|postgres_start|signals)_'
  '(http|link|socket)/'
  'store/(kv|postgres)'
  '(auth|bench|chat|client|model|simulation|tools|wire)/|tests/[a-z_]+\.ts'
  'faults/cluster_'
  'faults/[a-i]'
  'faults/'
  'store/sqlite_test'
  'store/'
  'e2e/long_room_'
  'e2e/states_'
  'e2e/[a-c]'
  'e2e/[d-k]'
  'e2e/[l-n]'
  'e2e/o'
  'e2e/[p-r]'
  'e2e/s'
  'e2e/'
)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/results" "$scratch/taken"

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

# part SECONDS NAME COMMAND...: keeps what a command writes, and its exit code.
part() {
  local seconds=$1 log="$scratch/results/$2" since=$SECONDS
  shift 2
  touch "$log.begun"
  timeout -k 5 "$seconds" "$@" >"$log" 2>&1
  echo "$?" >"$log.code"
  echo "--- took $((SECONDS - since)) s, to second $SECONDS" >>"$log"
}

# Puts Deno 2.5.0 aside.
install_older() {
  timeout 120 npm install --prefix "$scratch" "deno@$OLDER_VERSION" >/dev/null || fail "Deno $OLDER_VERSION could not be installed"
}

# older_part SECONDS NAME TESTS...: a part on that release. An immediate takes 1.3 ms there, and a simulation is made of them: 30 times as long as in newer ones.
older_part() {
  local seconds=$1 name=$2
  shift 2
  # Newer releases believe the certificates of the machine without being told.
  DENO_TLS_CA_STORE=mozilla,system DENO_DIR="$scratch/cache" PARLEY_SIMULATION_SEEDS=10 PARLEY_KV_SIMULATION_SEEDS=1-3 part "$seconds" "$name" \
    "$scratch/node_modules/.bin/deno" test --config deno.json --preload tests/helpers/as_newer_deno.ts --allow-all --no-check "$@"
}

# together NAME TESTS...: one module that imports them, which it names: they share a browser, and what is compiled.
together() {
  local module="$scratch/$1.ts"
  shift
  printf "import \"file://$PWD/%s\";\n" "$@" >"$module"
  echo "$module"
}

# The files of a group.
older_files() {
  local file i
  for file in $(find tests -name '*_test.ts' | sort); do
    for i in "${!OLDER_GROUPS[@]}"; do
      [[ $file =~ ${OLDER_GROUPS[i]} ]] || continue
      [ "$i" -ne "$1" ] || echo "$file"
      break
    done
  done
}

# take JOB: whether nobody else has taken it.
take() {
  mkdir "$scratch/taken/$1" 2>/dev/null
}

# take_older UNTIL GROUPS...: runs those groups that nobody has taken yet, one after the other, and begins none after so many seconds. The
# last one has 110 s.
take_older() {
  local until=$1 i files limit
  shift
  for i in "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 0
    take "$i" || continue
    mapfile -t files < <(older_files "$i")
    [[ ${OLDER_GROUPS[i]} =~ ^(e2e|\(http)/ ]] && files=("$(together "older_$i" "${files[@]}")")
    limit=$((until + 110 - SECONDS))
    older_part $((limit < 240 ? limit : 240)) "Deno $OLDER_VERSION: ${OLDER_GROUPS[i]//\//_}" "${files[@]}"
  done
}

# What no time was left for.
tell_left() {
  local i
  for i in "$@"; do
    [ -d "$scratch/taken/$i" ] || echo "NOT RUN on Deno $OLDER_VERSION, as the time was over: ${OLDER_GROUPS[i]}"
  done
}

# Shows what the parts wrote, and ends with "N passed, N failed". Deno ends with a line such as "ok | 120 passed (4 steps) | 0 failed (12s)".
sum_up() {
  local passed=0 failed=0 log code errors summary its_passed its_failed
  for log in "$scratch"/results/*.begun; do
    log=${log%.begun}
    echo "--- ${log##*/}"
    cat "$log"
    summary=$(grep -E '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1)
    its_passed=$(sed -nE 's/.* ([0-9]+) passed.*/\1/p' <<<"$summary")
    its_failed=$(sed -nE 's/.* ([0-9]+) failed.*/\1/p' <<<"$summary")
    # A part that was cut off, or that failed without a test that did, is a failure too.
    code=$(cat "$log.code" 2>/dev/null || echo nothing)
    if [ "$code" != 0 ] && [ "${its_failed:-0}" -eq 0 ]; then
      echo "This part ended with $code (124: it took too long)"
      its_failed=1
    fi
    passed=$((passed + ${its_passed:-0}))
    failed=$((failed + ${its_failed:-0}))
  done
  [ "${checks:-0}" -eq 0 ] || { echo "The checks failed: format, lint, types or docs" >&2; failed=$((failed + 1)); }
  # Nothing that began is nothing that passed.
  [ "$passed" -gt 0 ] || failed=$((failed + 1))
  # What failed once more, at the end of a long text: what Deno says below its own line "ERRORS", or said last.
  for log in "$scratch"/results/*.code; do
    [ "$(cat "$log")" != 0 ] || continue
    log=${log%.code}
    errors=$(sed -n '/^ ERRORS $/,$p' "$log" | head -n 200)
    printf -- '--- what failed in %s\n%s\n' "${log##*/}" "${errors:-$(tail -n 20 "$log")}"
  done
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
