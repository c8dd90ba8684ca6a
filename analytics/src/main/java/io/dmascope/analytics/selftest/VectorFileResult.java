package io.dmascope.analytics.selftest;

import java.util.List;
import java.util.Optional;

/**
 * How a file of golden vectors compared with the model.
 *
 * @param file name as given
 * @param vectors how many the file holds
 * @param matching how many the model computed exactly
 * @param differences the first that did not match, at most {@link #DIFFERENCES_MAX}
 * @param notes what was seen and not compared, e.g. a field of no meaning here
 * @param ofUnknownKind true where there was no vector that could be run
 * @param trouble why the file, or the rest of it, could not be used
 */
public record VectorFileResult(
    String file,
    int vectors,
    int matching,
    List<String> differences,
    List<String> notes,
    boolean ofUnknownKind,
    Optional<String> trouble) {
  /** More would be read by nobody. */
  public static final int DIFFERENCES_MAX = 5;

  public VectorFileResult {
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
  }

  /** True where every vector matched, there was at least one, and all of the file was read. */
  public boolean passed() {
    return vectors > 0 && matching == vectors && trouble.isEmpty();
  }

  /** True where a vector of a kind that is known did not match. */
  public boolean differs() {
    return matching < vectors && !ofUnknownKind;
  }

  /** A file that could not be used at all. */
  static VectorFileResult unusable(String file, String trouble) {
    return new VectorFileResult(file, 0, 0, List.of(), List.of(), true, Optional.of(trouble));
  }
}
