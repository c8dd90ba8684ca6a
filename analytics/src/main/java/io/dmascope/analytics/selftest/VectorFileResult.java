package io.dmascope.analytics.selftest;

import java.util.List;

/**
 * How a file of golden vectors compared with the model.
 *
 * @param file name as given
 * @param vectors how many the file holds
 * @param matching how many the model computed exactly
 * @param differences the first that did not match, at most {@link #DIFFERENCES_MAX}
 */
public record VectorFileResult(String file, int vectors, int matching, List<String> differences) {
  /** More would be read by nobody. */
  public static final int DIFFERENCES_MAX = 5;

  public VectorFileResult {
    differences = List.copyOf(differences);
  }

  /** True where every vector matched and there was at least one. */
  public boolean passed() {
    return vectors > 0 && matching == vectors;
  }
}
