package io.dmascope.producer.synthetic.profile;

import java.util.Objects;
import java.util.Optional;

/**
 * How large things are.
 *
 * @param registrationBytesMax the largest memory registration, 2 MiB at least
 * @param requests of what size requests, packets, buffers and registrations are; empty where the
 *     profile decides
 */
public record Sizes(long registrationBytesMax, Optional<RequestSizes> requests) {
  /** Registrations of up to a gigabyte. */
  public static final Sizes USUAL = new Sizes(1L << 30, Optional.empty());

  /** What fits into short captures. */
  public static final Sizes SMALL = new Sizes(16L << 20, Optional.empty());

  public Sizes {
    Objects.requireNonNull(requests, "requests");
    if (registrationBytesMax < 2 << 20) {
      throw new IllegalArgumentException(
          "a registration is 2 MiB at least [bytes=%d]".formatted(registrationBytesMax));
    }
  }
}
