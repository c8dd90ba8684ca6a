package io.dmascope.replay;

/**
 * Takes what a replay concludes towards the topics; the names are those of the topology's sinks.
 */
@FunctionalInterface
interface Outlet {
  String VIOLATIONS = "violations";
  String MAPPINGS = "mappings";
  String SUMMARIES = "summaries";
  String CAPTURES = "captures";
  String QUARANTINE = "quarantine";

  void send(String sink, byte[] key, byte[] value);
}
