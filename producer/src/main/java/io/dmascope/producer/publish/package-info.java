/** Publishes captures to Kafka, in chunks, in order, once. */
package io.dmascope.producer.publish;
