/** The text of {@code perf script}. */
package io.dmascope.producer.ingest.perf;
