package io.dmascope.producer.synthetic.profile;

/**
 * How large the large things are.
 *
 * @param registrationBytesMax the largest memory registration, 2 MiB at least
 */
public record Sizes(long registrationBytesMax) {
  /** Registrations of up to a gigabyte. */
  public static final Sizes USUAL = new Sizes(1L << 30);

  /** What fits into short captures. */
  public static final Sizes SMALL = new Sizes(16L << 20);

  public Sizes {
    if (registrationBytesMax < 2 << 20) {
      throw new IllegalArgumentException(
          "a registration is 2 MiB at least [bytes=%d]".formatted(registrationBytesMax));
    }
  }
}
