package io.dmascope.producer.synthetic;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Made-up captures for tests, and a sink that keeps all that it is given. */
final class Captured implements EventSink {
  final List<TraceEvent> events = new ArrayList<>();
  final List<TraceIssue> issues = new ArrayList<>();

  static CaptureSpec spec(
      long seed,
      Profile profile,
      Backend backend,
      Generation generation,
      boolean dmaDebug,
      long events) {
    return new CaptureSpec(
        "capture",
        seed,
        new Machine.Spec(generation, backend, 4, dmaDebug, true),
        profile,
        profile.usualLoad(),
        Sizes.SMALL,
        events,
        Long.MAX_VALUE / 2);
  }

  static Captured of(TraceReader reader) throws IOException {
    Captured captured = new Captured();
    reader.read(captured);
    return captured;
  }

  @Override
  public void event(TraceEvent event) {
    events.add(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    issues.add(issue);
  }
}
