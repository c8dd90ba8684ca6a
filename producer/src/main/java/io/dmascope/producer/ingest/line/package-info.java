/** What the text formats share: one event a line, a context before it, notes between them. */
package io.dmascope.producer.ingest.line;
