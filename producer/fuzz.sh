#!/bin/sh
# Fuzzes one reader, guided by coverage: producer/fuzz.sh TARGET [SECONDS]. See docs/fuzzing.md.
set -eu
target=${1:?the class to fuzz, e.g. io.dmascope.producer.ingest.tracedat.TraceDatFuzz}
seconds=${2:-3600}
cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=producer/target/fuzz/${target##*.}
mkdir -p "$work/corpus" "$work/seeds"

mvn -q -B -Pfuzz -pl producer -am test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/fuzz.classpath
classpath=producer/target/test-classes:producer/target/classes:$(cat producer/target/fuzz.classpath)

"$java" --enable-native-access=ALL-UNNAMED -cp "$classpath" "$target" "$work/seeds"
exec "$java" -Xmx256m -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$classpath" \
  com.code_intelligence.jazzer.Jazzer \
  --target_class="$target" '--instrumentation_includes=io.dmascope.producer.ingest.**' \
  --coverage_report="$work/coverage.txt" --reproducer_path="$work" -artifact_prefix="$work/" \
  -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1200 -max_len=65536 -print_final_stats=1 \
  "$work/corpus" "$work/seeds"
