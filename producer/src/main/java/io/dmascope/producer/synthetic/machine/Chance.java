package io.dmascope.producer.synthetic.machine;

/**
 * A stream of numbers that a seed decides (splitmix64), the same on every machine and Java version.
 *
 * <p>Streams split by name rather than by draw, so that a change in what one part of a machine
 * draws leaves all other parts as they were.
 */
public final class Chance {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final long seed;
  private long state;

  public Chance(long seed) {
    this.seed = seed;
    this.state = seed;
  }

  /** The stream of that name; asking twice gives the same stream from its beginning. */
  public Chance split(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return new Chance(mixed(seed ^ mixed(hash)));
  }

  public long next() {
    state += GOLDEN_GAMMA;
    return mixed(state);
  }

  /** A number from 0 to {@code bound - 1}, each as likely as the other but for 2^-32. */
  public int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** A number from {@code first} to {@code last}. */
  public long between(long first, long last) {
    return first + Long.remainderUnsigned(next(), last - first + 1);
  }

  /** True once in {@code n} times. */
  public boolean oneIn(int n) {
    return below(n) == 0;
  }

  /** True in {@code percent} of 100 cases. */
  public boolean percent(int percent) {
    return below(100) < percent;
  }

  /**
   * A time around {@code meanNs} with the long tail of a queue: half of the draws are below two
   * thirds of it, a few are several times as long.
   */
  public long aroundNs(long meanNs) {
    long uniform = next() >>> 11; // 53 bits
    double u = (uniform + 1) * 0x1.0p-53;
    return Math.max(1, (long) (-meanNs * StrictMath.log(u)));
  }

  @SafeVarargs
  public final <T> T oneOf(T... values) {
    return values[below(values.length)];
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
