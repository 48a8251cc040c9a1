#!/usr/bin/env bash
# set-version.sh VERSION gives all POMs that version, and the build the time of the last commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version="${1:?Which version?}"
current="$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' watermill-bom/pom.xml | head -n 1)"
made="$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)"

poms=(pom.xml */pom.xml)
sed -i -e "s|<version>$current</version>|<version>$version</version>|" \
  -e "s|<project.build.outputTimestamp>.*<|<project.build.outputTimestamp>$made<|" "${poms[@]}"
if grep -l "<version>.*-SNAPSHOT</version>" "${poms[@]}"; then
  echo "These POMs have a snapshot's version still."
  exit 1
fi
echo "${#poms[@]} POMs: $current is $version now."
