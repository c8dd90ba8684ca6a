/** Aggregates as OpenMetrics samples at the time when they happened. */
package io.dmascope.tables.openmetrics;
