/** Recordings of the probe recorder that lie beside a capture. */
package io.dmascope.producer.ingest.probe;
