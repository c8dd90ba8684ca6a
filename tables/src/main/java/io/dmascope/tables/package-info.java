/**
 * What a capture comes to, as tables: one schema for CSV, JSON, OpenMetrics and Perfetto. The
 * aggregates count in event time, and a plain program and the replay engine can both run them.
 */
package io.dmascope.tables;
