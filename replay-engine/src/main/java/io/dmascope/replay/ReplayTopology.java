package io.dmascope.replay;

import io.dmascope.schemas.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;

/**
 * How records travel through an engine.
 *
 * <pre>
 *   dmascope.events
 *         |  chunks of events, key = capture
 *         v
 *     [replay]  one DmaModel a capture --- model-pages ----> changelog (net change of each commit)
 *         |                           \--- commit-doorbell   rings before each commit
 *         |
 *         +--> dmascope.violations    one finding a record
 *         +--> dmascope.mappings      closed mappings, in chunks
 *         +--> dmascope.summaries     how each device stands
 *         +--> dmascope.captures      what came of a capture
 *         +--> dmascope.quarantine    what could not be replayed, and why
 * </pre>
 *
 * <p>Offsets, changelog and output are committed in one transaction ({@code exactly_once_v2}).
 */
final class ReplayTopology {
  private static final String SOURCE = "events";
  private static final String REPLAY = "replay";

  private ReplayTopology() {}

  static Topology build(Topics topics, boolean mappings, Archive archive, ReplayCounters counters) {
    Topology topology = new Topology();
    topology.addSource(
        SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events());
    topology.addProcessor(REPLAY, () -> new ReplayProcessor(mappings, archive, counters), SOURCE);
    topology.addStateStore(PageStore.builder(), REPLAY);
    topology.addStateStore(CommitDoorbell.builder(), REPLAY);
    addSink(topology, Outlet.VIOLATIONS, topics.violations());
    addSink(topology, Outlet.MAPPINGS, topics.mappings());
    addSink(topology, Outlet.SUMMARIES, topics.summaries());
    addSink(topology, Outlet.CAPTURES, topics.captures());
    addSink(topology, Outlet.QUARANTINE, topics.quarantine());
    return topology;
  }

  private static void addSink(Topology topology, String name, String topic) {
    topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), REPLAY);
  }
}
