#!/usr/bin/env bash
# Plants one bug after another into a copy of the project and sees that the tests go red: a test that can't fail proves
# nothing. Takes some minutes. Names of patches as arguments limit it to these.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
tests="${TESTS:-KafkaExactlyOnceTests,KafkaEndOfStreamTests,KafkaSegmentTests,KafkaTakeOverTests,OutputLockTests,ElementSizeTests,OrderTests,ConstantMemoryTests,CommitTests,FunctionFailureTests,RestartTests,KafkaPositionTests#refusesATopicReadAsOneThatGr*,KafkaOutputTests#refusesMillsWhose*,KafkaMemberCommitTests,KafkaDeadLetterTests,SimulationTests,DeadLetterOracleTests,ReorderTests,HostileInputTests,FileFuzzTests,MergeJoinTests,EdgeTests,MatchRunTests}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
missed=0

run() {
  (cd "$work/copy" && mvn -o -B -Dcheckstyle.skip -Dspring-javaformat.skip -pl watermill-kafka -am \
    install -Dmaven.install.skip -Dmaven.test.failure.ignore -Dtest="$tests" -Dsurefire.failIfNoSpecifiedTests=false \
    -DargLine="-Xmx1g -XX:+UseSerialGC -Dsimulation.schedules=3000 -Dfuzz.runs=2000") \
    > "$work/log" 2>&1
}

for patch in "$here"/*.patch; do
  name="$(basename "$patch" .patch)"
  if [[ $# -gt 0 && ! " $* " == *" $name "* ]]; then
    continue
  fi
  rm -rf "$work/copy"
  mkdir "$work/copy"
  (cd "$root" && tar cf - --exclude=target --exclude=.git .) | (cd "$work/copy" && tar xf -)
  if ! (cd "$work/copy" && patch -p1 -s < "$patch"); then
    echo "$name: the patch does not fit any more"
    missed=1
    continue
  fi
  run
  caught="$(grep -oE '^\[ERROR\] +dev\.watermill\.[A-Za-z.]+\.[A-Za-z]+ -- ' "$work/log" | sed -E 's/.*\.([A-Za-z]+\.[A-Za-z]+) -- /\1/' | sort -u | head -5 | tr '\n' ' ')"
  if [[ -n "$caught" ]]; then
    echo "$name: caught by $caught"
  else
    echo "$name: NOT CAUGHT"
    tail -5 "$work/log"
    missed=1
  fi
done
exit "$missed"
