/** From one stream a CPU to one stream a capture. */
package io.dmascope.producer.ingest.order;
