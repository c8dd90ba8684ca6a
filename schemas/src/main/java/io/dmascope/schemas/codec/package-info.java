/**
 * Translates between the model and the Avro records of the topics; nothing else knows both.
 *
 * <p>Values use Avro's single-object encoding: two marker bytes, the schema's 64-bit fingerprint,
 * the binary datum. A record of an earlier schema in {@code schemas/history} is read as well.
 */
package io.dmascope.schemas.codec;
