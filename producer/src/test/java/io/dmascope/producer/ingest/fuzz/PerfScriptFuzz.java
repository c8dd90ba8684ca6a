package io.dmascope.producer.ingest.fuzz;

import io.dmascope.producer.ingest.perf.PerfLineGrammar;
import java.io.IOException;
import java.nio.file.Path;

/** Any bytes at all, read as text of {@code perf script}. */
public final class PerfScriptFuzz {
  private PerfScriptFuzz() {}

  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) {
    WellFormedCapture.check(() -> TextReaders.reader(data, new PerfLineGrammar()));
  }

  /** Writes the seeds. */
  public static void main(String[] args) throws IOException {
    Seeds.write(Path.of(args[0]), ".*perf-script.*");
  }
}
