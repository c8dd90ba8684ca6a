package io.dmascope.producer.publish;

/**
 * How far a publication has come.
 *
 * @param events handed to Kafka
 * @param skippedEvents not sent again, because an earlier publication had brought them
 * @param issues met while reading; they are not published
 * @param records handed to Kafka
 * @param acknowledgedRecords that Kafka has stored
 * @param bytes of the records, uncompressed
 * @param place line or byte offset of the latest event in its source
 */
public record PublishCounts(
    long events,
    long skippedEvents,
    long issues,
    long records,
    long acknowledgedRecords,
    long bytes,
    long place) {}
