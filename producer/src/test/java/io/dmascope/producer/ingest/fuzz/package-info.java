/** Targets of coverage-guided fuzzing: {@code docs/fuzzing.md}. */
package io.dmascope.producer.ingest.fuzz;
