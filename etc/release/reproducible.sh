#!/usr/bin/env bash
# Builds what a release holds twice, without tests, and says which files differ. Exits with 1 if one does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

sums="$(mktemp -d)"
trap 'rm -rf "$sums"' EXIT

build() {
  mvn -B -q -Prelease -DskipTests -pl '!benchmarks,!demo-app,!docs' clean package
  sha256sum watermill-*/target/*.jar watermill-*/target/bom.* > "$sums/$1"
}

build first
build second

if ! diff "$sums/first" "$sums/second"; then
  echo "Two builds of the same sources differ."
  exit 1
fi
echo "$(wc -l < "$sums/first") files, each the same byte by byte in both builds:"
cut -c 67- "$sums/first"
