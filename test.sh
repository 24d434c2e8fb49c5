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

echo "== build, warnings are errors"
dotnet build OrleansSync.sln -c Release --nologo -v quiet || give_up "The build failed."

echo "== format"
dotnet format OrleansSync.sln --verify-no-changes --no-restore || give_up "Run 'dotnet format' and commit what it changed."

echo "== tests"
results=artifacts/test-results
rm -rf "$results"
dotnet test OrleansSync.sln -c Release --no-build --nologo --results-directory "$results" --logger "trx" -- RunConfiguration.MaxCpuCount=1

# The counts of every test project, added up; a project that crashed left no counts and fails the run.
projects=$(ls -d tests/*/ | wc -l)
read -r passed failed files < <(cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | awk '
  { match($0, /passed="[0-9]+"/); p += substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /failed="[0-9]+"/); f += substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /error="[0-9]+"/);  f += substr($0, RSTART + 7, RLENGTH - 8)
    n++ }
  END { print p + 0, f + 0, n + 0 }')
if [ "$files" -ne "$projects" ]; then
  echo "Only $files of $projects test projects finished." >&2
  failed=$((failed + projects - files))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
