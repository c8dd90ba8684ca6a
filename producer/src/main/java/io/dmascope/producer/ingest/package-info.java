/** From bytes to events: opening, recognising, reading, ordering and decoding of trace captures. */
package io.dmascope.producer.ingest;
