#!/usr/bin/env bash
# Sets up and tests everything: what people run and what CI runs. Ends with one line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

give_up() { echo "$1" >&2; echo "0 passed, 1 failed"; exit 1; }

# What the tests need beside the repository.
command -v dotnet >/dev/null || give_up "The .NET 10 SDK is missing: install it and see that 'dotnet' is on the PATH."
case "$(dotnet --version 2>/dev/null)" in
  10.*) ;;
  *) give_up "The .NET 10 SDK is needed (found: $(dotnet --version 2>&1 | head -n 1)).";;
esac

# PostgreSQL's server, of any version from 13 on, is started by the tests themselves, each time in a new folder.
has_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb /usr/local/pgsql/bin/initdb 2>/dev/null; }
if ! has_postgres >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo "sudo -n")
  command -v apt-get >/dev/null && $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qy --no-install-recommends postgresql
  has_postgres >/dev/null || give_up "PostgreSQL's server is missing: install it (Debian: 'apt-get install postgresql'), or put its 'initdb' and 'postgres' on the PATH."
fi

# Tests that cut the network between nodes make one of their own. Where that cannot be, they are skipped and say why.
if ! command -v ip >/dev/null && command -v apt-get >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo "sudo -n")
  $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qy --no-install-recommends iproute2
fi
command -v ip >/dev/null && [ "$(id -u)" -eq 0 ] || echo "Tests that cut the network need 'ip' (Debian: iproute2) and root: they are skipped here." >&2

# The TypeScript client is tested with Node.js. Where there is none that is new enough, that is left out and said.
has_node() { command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; }
if ! has_node && command -v apt-get >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo "sudo -n")
  $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qy --no-install-recommends nodejs npm
fi
has_node || echo "The TypeScript client needs Node.js 20 or later with npm: its tests are left out here." >&2

echo "== build, warnings are errors"
dotnet build OrleansSync.sln -c Release --nologo -v quiet || give_up "The build failed."

echo "== format"
dotnet format OrleansSync.sln --verify-no-changes --no-restore || give_up "Run 'dotnet format' and commit what it changed."

echo "== tests"
results=artifacts/test-results
rm -rf "$results"
dotnet test OrleansSync.sln -c Release --no-build --nologo --results-directory "$results" --logger "trx" -- RunConfiguration.MaxCpuCount=1

# The counts of every test project, added up; a project that crashed left no counts and fails the run.
projects=$(ls -d tests/*/ | grep -Evc '^tests/(Postgres|Histories|wire)/')
read -r passed failed files < <(cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | awk '
  { match($0, /passed="[0-9]+"/); p += substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /failed="[0-9]+"/); f += substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /error="[0-9]+"/);  f += substr($0, RSTART + 7, RLENGTH - 8)
    n++ }
  END { print p + 0, f + 0, n + 0 }')
if [ "$files" -ne "$projects" ]; then
  echo "$files of $projects test projects have counts." >&2
  failed=$((failed + 1))
fi

if has_node; then
  echo "== TypeScript client"
  typescript() { (cd clients/typescript && "$@"); }
  counts="$PWD/$results/typescript.json"
  typescript npm ci --no-audit --no-fund --loglevel error && typescript npm run -s lint && typescript npm run -s types && typescript npm run -s build \
    && typescript npm test -s -- --reporter=default --reporter=json --outputFile="$counts"
  ended=$?
  read -r its_passed its_failed < <(node -p 'const c = JSON.parse(require("fs").readFileSync(process.argv[1])); `${c.numPassedTests} ${c.numFailedTests}`' "$counts" 2>/dev/null || echo "0 0")
  [ "$ended" -eq 0 ] || [ "$its_failed" -gt 0 ] || its_failed=1
  passed=$((passed + its_passed)) failed=$((failed + its_failed))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
