/** The text that tracefs prints, and {@code trace-cmd report}, which imitates it. */
package io.dmascope.producer.ingest.ftrace;
