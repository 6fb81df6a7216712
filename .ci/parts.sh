# What .ci/run and .ci/older share: parts of the suite that run beside each other, and the one line that sums them up.
# shellcheck shell=bash
export CI=true NO_COLOR=1 DEBIAN_FRONTEND=noninteractive

# The release of Deno that Deno Deploy names.
OLDER_VERSION=2.5.0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/results"

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

# part SECONDS NAME COMMAND...: keeps what a command writes, and its exit code.
part() {
  local seconds=$1 log="$scratch/results/$2" since=$SECONDS
  shift 2
  timeout -k 5 "$seconds" "$@" >"$log" 2>&1
  echo "$?" >"$log.code"
  echo "--- took $((SECONDS - since)) s" >>"$log"
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
  DENO_TLS_CA_STORE=mozilla,system DENO_DIR="$scratch/cache" PARLEY_SIMULATION_SEEDS=50 PARLEY_KV_SIMULATION_SEEDS=1-8 part "$seconds" "$name" \
    "$scratch/node_modules/.bin/deno" test --preload tests/helpers/as_newer_deno.ts --allow-all --no-check "$@"
}

# sum_up PARTS: shows what so many parts wrote, and ends with "N passed, N failed". Deno ends with a line such as "ok | 120 passed (4 steps) | 0 failed (12s)".
sum_up() {
  local passed=0 failed=0 code log summary its_passed its_failed
  for code in "$scratch"/results/*.code; do
    log=${code%.code}
    echo "--- ${log##*/}"
    cat "$log"
    summary=$(grep -E '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1)
    its_passed=$(sed -nE 's/.* ([0-9]+) passed.*/\1/p' <<<"$summary")
    its_failed=$(sed -nE 's/.* ([0-9]+) failed.*/\1/p' <<<"$summary")
    # A part that was cut off, or that failed without a test that did, is a failure too.
    if [ "$(cat "$code")" -ne 0 ] && [ "${its_failed:-0}" -eq 0 ]; then
      echo "This part ended with $(cat "$code") (124: it took too long)"
      its_failed=1
    fi
    passed=$((passed + ${its_passed:-0}))
    failed=$((failed + ${its_failed:-0}))
  done
  [ "$(find "$scratch/results" -name '*.code' | wc -l)" -eq "$1" ] || failed=$((failed + 1))
  [ "${checks:-0}" -eq 0 ] || { echo "The checks failed: format, lint, types or docs" >&2; failed=$((failed + 1)); }
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
