#!/usr/bin/env bash
# notes.sh VERSION prints what the changelog says of that version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version="${1:?Which version?}"
notes="$(awk -v heading="## [$version]" 'index($0, "## [") == 1 { here = index($0, heading) == 1; next } here' CHANGELOG.md)"
if [[ -z "$notes" ]]; then
  echo "CHANGELOG.md says nothing of $version." >&2
  exit 1
fi
echo "$notes"
