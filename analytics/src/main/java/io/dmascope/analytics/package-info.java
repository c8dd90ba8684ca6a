/**
 * Rooms 9 and 10: findings, closed mappings and device summaries become aggregates, Prometheus
 * metrics and a live page.
 *
 * <pre>
 *   topics --AnalyticsService--\
 *                               AnalyticsState --MetricsCollector--> /metrics
 *   model  --ModelOutput-------/              \--PageApi----------> /api/v1/… and the page
 * </pre>
 */
package io.dmascope.analytics;
