/** What every text capture has in common: lines out of a stream, and values out of a line. */
package io.dmascope.producer.ingest.text;
