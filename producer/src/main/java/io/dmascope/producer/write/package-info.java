/** Writes captures in the formats that the readers read. */
package io.dmascope.producer.write;
