package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.Ignores;
import java.io.Closeable;
import java.io.IOException;

/**
 * Prints reports in one form, one capture after another; closing completes the document but leaves
 * what it was written to open.
 */
public interface ReportWriter extends Closeable {
  void capture(CaptureReport report) throws IOException;

  /** Tells what came of the ignore file; after the last capture, at most once. */
  void ignores(Ignores ignores) throws IOException;
}
