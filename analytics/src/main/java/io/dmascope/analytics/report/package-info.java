/**
 * What a capture broke, for people and for programs: text like a compiler's, JSON, SARIF.
 *
 * <p>A {@link io.dmascope.analytics.report.FindingReport} folds one capture's conclusions in their
 * order; whether they come from a model in the same process or from topics makes no difference to a
 * byte of what a {@link io.dmascope.analytics.report.ReportWriter} prints.
 */
package io.dmascope.analytics.report;
