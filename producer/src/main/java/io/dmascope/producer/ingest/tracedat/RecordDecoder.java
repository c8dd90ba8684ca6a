package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;

/** Makes an event of a record's payload. */
@FunctionalInterface
interface RecordDecoder {
  TraceEvent decode(Payload payload, EventHeader header) throws BadPayloadException;
}
