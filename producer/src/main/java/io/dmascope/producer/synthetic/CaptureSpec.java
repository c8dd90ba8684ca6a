package io.dmascope.producer.synthetic;

import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.util.Objects;

/**
 * What a made-up capture is to be; the same specification gives the same events.
 *
 * @param captureId names the capture
 * @param seed decides everything that is left to chance
 * @param events how many to record before drivers are told to stop; their ends come on top
 * @param durationNs event time after which drivers are told to stop
 */
public record CaptureSpec(
    String captureId,
    long seed,
    Machine.Spec machine,
    Profile profile,
    Load load,
    Sizes sizes,
    long events,
    long durationNs) {

  public CaptureSpec {
    Objects.requireNonNull(captureId, "captureId");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(sizes, "sizes");
    if (events < 1 || durationNs < 1) {
      throw new IllegalArgumentException(
          "a capture has events and a duration [events=%d] [duration_ns=%d]"
              .formatted(events, durationNs));
    }
  }
}
