/** From a name on the command line to a reader: opening, decompressing, recognising. */
package io.dmascope.producer.ingest.open;
