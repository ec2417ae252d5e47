# Shared by ./latecomer, ./test and .ci/run; sourced with $root set. Finds the SDK, decides where build output goes
# (the checkout if it is this user's, else a folder in the user's cache), and builds under a lock.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
# No process stays behind a build: one that does would keep this script's lock and pipes open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

say() { printf 'latecomer: %s\n' "$*" >&2; }

# A folder of this user that builds can fill.
user_cache() {
  local base=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache} folder
  if mkdir -p "$base/latecomer" 2>/dev/null && [ -w "$base/latecomer" ]; then
    printf '%s\n' "$base/latecomer"
    return
  fi
  folder="${TMPDIR:-/tmp}/latecomer-$(id -u)"
  mkdir -p -m 700 "$folder" && [ -O "$folder" ] && [ ! -L "$folder" ] || { say "cannot make a build folder in $base nor at $folder."; exit 1; }
  printf '%s\n' "$folder"
}

find_dotnet() {
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-/nonexistent}/dotnet" "${HOME:-/nonexistent}/.dotnet/dotnet"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] && { printf '%s\n' "$candidate"; return; }
  done
  say "needs the .NET SDK 10, and found no dotnet: install it from https://dot.net/download, then run this again."
  exit 1
}

require_sdk() {
  (cd "$root" && "$dotnet" --version) >/dev/null 2>&1 ||
    { say "needs the .NET SDK 10, but $dotnet has none: install it from https://dot.net/download, then run this again."; exit 1; }
}

# Whether this user may, and should, leave build output in the checkout: root building in another's clone would lock them out.
builds_in_checkout() {
  local folder
  [ -O "$root" ] && [ -w "$root" ] || return 1
  for folder in "$root"/src/* "$root"/src/*/obj "$root"/src/*/bin "$root"/tests/* "$root"/tests/*/obj "$root"/tests/*/bin; do
    [ ! -d "$folder" ] || [ -w "$folder" ] || return 1
  done
}

dotnet=$(find_dotnet)
if builds_in_checkout; then
  output=()
  state="$root/src/Node/bin/launcher"
  node_output="$root/src/Node/bin/Release/net10.0"
else
  cache="$(user_cache)/checkout-$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)"
  output=(-p:UseArtifactsOutput=true "-p:ArtifactsPath=$cache/artifacts")
  state="$cache/launcher"
  node_output="$cache/artifacts/bin/Node/release"
fi
if [ ! -w "${HOME:-/nonexistent}" ]; then
  DOTNET_CLI_HOME="$(user_cache)" NUGET_PACKAGES="$(user_cache)/packages"
  export DOTNET_CLI_HOME NUGET_PACKAGES
fi

# Where the output of a test project is.
test_output() {
  if [ ${#output[@]} -eq 0 ]; then printf '%s\n' "$root/tests/$1/bin/Release/net10.0"; else printf '%s\n' "$cache/artifacts/bin/$1/release"; fi
}

sources() {
  find "$root/src" "$root"/Directory.*.props "$root/global.json" "$root/.editorconfig" -type d \( -name bin -o -name obj \) -prune -o -type f "$@" -print
}

# The program as it was last built for running, a copy of the build's output, so that building again never
# writes into files that a running node has mapped.
launched() { cat "$state/current"; }

up_to_date() {
  [ -f "$state/stamp" ] && [ -f "$state/current" ] && [ -f "$(launched)/latecomer.dll" ] &&
    [ -z "$(sources -newer "$state/stamp" | head -n 1)" ] &&
    [ "$(sources | LC_ALL=C sort | cksum)" = "$(cat "$state/names")" ]
}

with_build_lock() {
  mkdir -p "$state"
  if command -v flock >/dev/null 2>&1; then
    ( flock 9 && "$@" 9>&- ) 9>"$state/lock"
    return
  fi
  local holder
  until mkdir "$state/lock.d" 2>/dev/null; do
    holder=$(cat "$state/lock.d/pid" 2>/dev/null || true)
    if { [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; } || [ -n "$(find "$state/lock.d" -maxdepth 0 -mmin +15 2>/dev/null)" ]; then
      rm -rf "$state/lock.d"
    else
      sleep 1
    fi
  done
  ( printf '%s\n' "${BASHPID:-$$}" > "$state/lock.d/pid"; trap 'rm -rf "$state/lock.d"' EXIT; "$@" )
}

# One compiler for all projects of a build, which is twice as fast as one for each. It would stay for ten minutes: it ends with what began it instead.
begin_compiler() { export UseSharedCompilation=true SharedCompilationId="latecomer-$1"; }
end_compiler() { pkill -f -- "-pipename:$SharedCompilationId\$" 2>/dev/null || true; }

# Runs a build with the compiler of whoever called this, or with one of its own. What a profile would bring, builds are too short for.
with_compiler() (
  export DOTNET_TieredPGO=0
  if [ -z "${SharedCompilationId:-}" ]; then
    begin_compiler "${BASHPID:-$$}"
    trap end_compiler EXIT
  fi
  "$@"
)

# Builds a project or the solution, quietly; shows the errors if there are any.
build() {
  local log="$state/build.log"
  (cd "$root" && with_compiler "$dotnet" build "$@" -c Release -v quiet -nologo ${output[@]+"${output[@]}"}) > "$log" 2>&1 </dev/null && return
  say "the build failed:"
  grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
  say "the whole log is $log"
  return 1
}

build_launched() {
  up_to_date && return
  say "building, once (about half a minute)..."
  local began="$state/began"
  touch "$began"
  sources | LC_ALL=C sort | cksum > "$state/names.new"
  build src/Node/Node.csproj
  keep_launched "$began"
}

# Copies what was built to a folder of its own and makes it current. The few last ones stay: they may be running.
keep_launched() {
  local app
  app="$state/app-$(date +%s)-$$"
  mkdir "$app"
  find "$node_output" -mindepth 1 -maxdepth 1 ! -name runtimes -exec cp -R {} "$app/" \;
  [ ! -d "$node_output/runtimes" ] || ln -s "$node_output/runtimes" "$app/runtimes"
  printf '%s\n' "$app" > "$state/current.new"
  mv "$state/names.new" "$state/names"
  mv "$state/current.new" "$state/current"
  mv "$1" "$state/stamp"
  find "$state" -mindepth 1 -maxdepth 1 -name 'app-*' | LC_ALL=C sort -r | tail -n +5 | while IFS= read -r old; do rm -rf "$old"; done
}
