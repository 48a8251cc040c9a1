#!/usr/bin/env bash
# Plants one bug after another into a copy of the project and sees that the tests go red: a test that can't fail proves
# nothing. The copy is compiled once, then what each bug changes; first the tests of caught-by.txt run, and all of the
# others only if those miss it. Names of patches as arguments limit it to these.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
all="${TESTS:-KafkaExactlyOnceTests,KafkaEndOfStreamTests,KafkaSegmentTests,KafkaTakeOverTests,OutputLockTests,ElementSizeTests,OrderTests,ConstantMemoryTests,CommitTests,FunctionFailureTests,RestartTests,KafkaPositionTests#refusesATopicReadAsOneThatGr*,KafkaOutputTests#refusesMillsWhose*,KafkaMemberCommitTests,KafkaDeadLetterTests,SimulationTests,DeadLetterOracleTests,ReorderTests,HostileInputTests,FileFuzzTests,MergeJoinTests,EdgeTests,MatchRunTests}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
missed=0
began=$SECONDS

build() {
  (cd "$work" && mvn -o -B -Dcheckstyle.skip -Dspring-javaformat.skip -Dsurefire.failIfNoSpecifiedTests=false \
    -Dsimulation.schedules=3000 -Dfuzz.runs=2000 -Dlong.calls=200000 "$@") \
    > "$work/log" 2>&1
}

# Runs tests of a module, and tells which of them went red.
red() {
  build -pl "watermill-$1" -am -Dmaven.test.failure.ignore -Dsurefire.skipAfterFailureCount="$3" -Dtest="$2" package
  # a name, and what a parameterized test adds to it
  grep -aoE '^\[ERROR\] +dev\.watermill\.[A-Za-z.]+\.[A-Za-z0-9]+(\(.*\)(\[[0-9]+\])?)? -- Time' "$work/log" \
    | sed -E 's/^\[ERROR\] +[a-z.]*\.([A-Za-z]+\.[A-Za-z0-9]+).*/\1/' | sort -u | head -5 | tr '\n' ' '
}

# Whether a bug is one that the compiler sees: then it is none.
compiles() {
  ! grep -aq 'COMPILATION ERROR' "$work/log"
}

(cd "$root" && tar cf - --exclude=target --exclude=.git .) | (cd "$work" && tar xf -)
if ! build -pl watermill-kafka -am -DskipTests package; then
  tail -20 "$work/log"
  exit 1
fi
echo "compiled in $((SECONDS - began)) s"

for patch in "$here"/*.patch; do
  name="$(basename "$patch" .patch)"
  if [[ $# -gt 0 && ! " $* " == *" $name "* ]]; then
    continue
  fi
  since=$SECONDS
  if ! (cd "$work" && patch -p1 -s --dry-run < "$patch" > /dev/null && patch -p1 -s < "$patch"); then
    echo "$name: the patch does not fit any more"
    missed=1
    continue
  fi
  caught=""
  IFS='|' read -r _ module tests < <(grep "^$name |" "$here/caught-by.txt" | tr -d ' ') || true
  if [[ -n "${tests:-}" ]]; then
    caught="$(red "$module" "$tests" 1)"
  fi
  if [[ -z "$caught" ]] && compiles; then
    caught="$(red kafka "$all" 0)"
  fi
  if ! compiles; then
    echo "$name: does not compile"
    grep -a -m 3 '^\[ERROR\].*\.java' "$work/log"
    missed=1
  elif [[ -n "$caught" ]]; then
    echo "$name: caught by $caught($((SECONDS - since)) s)"
  else
    echo "$name: NOT CAUGHT"
    tail -5 "$work/log"
    missed=1
  fi
  (cd "$work" && patch -p1 -s -R < "$patch")
done
echo "all in $((SECONDS - began)) s"
exit "$missed"
