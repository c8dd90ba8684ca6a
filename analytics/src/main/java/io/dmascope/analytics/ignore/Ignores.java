package io.dmascope.analytics.ignore;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Violation;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An ignore file at work: which entry takes a violation, and which entries have done nothing so
 * far. Owned by one thread.
 */
public final class Ignores {
  private final IgnoreFile file;
  private final Optional<LocalDate> today;
  private final long[] used;

  /**
   * @param today what {@code until} is compared with; without it no entry expires
   */
  public Ignores(IgnoreFile file, Optional<LocalDate> today) {
    this.file = file;
    this.today = today;
    this.used = new long[file.entries().size()];
  }

  /** Ignores nothing. */
  public static Ignores none() {
    return new Ignores(new IgnoreFile("", List.of()), Optional.empty());
  }

  /** Returns the first entry in force that takes the violation, and counts its use. */
  public Optional<IgnoreEntry> entryFor(Violation violation, CaptureFacts facts) {
    for (int i = 0; i < used.length; i++) {
      IgnoreEntry entry = file.entries().get(i);
      if (entry.matches(violation, facts) && !entry.expired(today)) {
        used[i]++;
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The file's name; empty where there is none. */
  public String name() {
    return file.name();
  }

  public int size() {
    return used.length;
  }

  /** Entries that no longer hold, in the file's order. */
  public List<IgnoreEntry> expired() {
    return file.entries().stream().filter(entry -> entry.expired(today)).toList();
  }

  /** Entries in force that took nothing so far, in the file's order. */
  public List<IgnoreEntry> unused() {
    List<IgnoreEntry> unused = new ArrayList<>();
    for (int i = 0; i < used.length; i++) {
      IgnoreEntry entry = file.entries().get(i);
      if (used[i] == 0 && !entry.expired(today)) {
        unused.add(entry);
      }
    }
    return unused;
  }

  /** How many entries would expire some day, but nobody said what day it is. */
  public long undated() {
    return today.isPresent()
        ? 0
        : file.entries().stream().filter(entry -> entry.until().isPresent()).count();
  }
}
