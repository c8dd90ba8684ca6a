package io.dmascope.producer.ingest.fuzz;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import io.dmascope.producer.ingest.tracedat.TraceDatFuzz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Any bytes at all on standard input: the format is recognised, or nothing is. */
public final class CapturesFuzz {
  private CapturesFuzz() {}

  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) {
    WellFormedCapture.check(() -> reader(data));
  }

  private static TraceReader reader(byte[] data) throws IOException {
    Capture capture = Captures.open("-", new ByteArrayInputStream(data), ReadOptions.DEFAULT);
    return sink -> {
      try (capture) {
        capture.read(sink);
      }
    };
  }

  /** Writes the seeds. */
  public static void main(String[] args) throws IOException {
    Seeds.write(Path.of(args[0]), ".*");
    TraceDatFuzz.main(args);
  }
}
