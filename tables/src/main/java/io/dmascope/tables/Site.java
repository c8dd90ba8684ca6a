package io.dmascope.tables;

import io.dmascope.model.event.DmaDirection;
import java.util.Comparator;

/**
 * Whom a number is about.
 *
 * @param device as traced; empty where the events do not tell
 * @param direction as {@link Names#of(DmaDirection)} writes it; empty where it is about all
 * @param kind of mapping, likewise
 */
public record Site(String device, String direction, String kind) implements Comparable<Site> {
  /** What stands for devices past the most that are told apart. */
  public static final String OTHERS = "(others)";

  private static final Comparator<Site> ORDER =
      Comparator.comparing(Site::device).thenComparing(Site::direction).thenComparing(Site::kind);

  @Override
  public int compareTo(Site other) {
    return ORDER.compare(this, other);
  }
}
