package io.dmascope.analytics.findings;

import io.dmascope.analytics.report.CaptureReport;

/**
 * What the topics hold of one capture.
 *
 * @param ended true once the engine replayed it to its end, so that nothing will be added
 */
public record ReplayedCapture(String captureId, CaptureReport report, boolean ended) {}
