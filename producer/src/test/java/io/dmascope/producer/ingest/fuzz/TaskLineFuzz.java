package io.dmascope.producer.ingest.fuzz;

import io.dmascope.producer.ingest.ftrace.TaskLineGrammar;
import java.io.IOException;
import java.nio.file.Path;

/** Any bytes at all, read as text of tracefs or of {@code trace-cmd report}. */
public final class TaskLineFuzz {
  private TaskLineFuzz() {}

  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) {
    WellFormedCapture.check(() -> TextReaders.reader(data, new TaskLineGrammar()));
  }

  /** Writes the seeds. */
  public static void main(String[] args) throws IOException {
    Seeds.write(Path.of(args[0]), "(?!.*perf).*");
  }
}
