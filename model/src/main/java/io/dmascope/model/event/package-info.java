/**
 * What the traced kernel said, one record per concept, whatever tracepoint generation or file
 * format carried it.
 *
 * <p>Addresses are unsigned 64-bit values in a {@code long}; sizes are bytes; stamps are integer
 * nanoseconds of the capture's own clock. Order is {@link
 * io.dmascope.model.event.EventHeader#sequence()}, never time.
 */
package io.dmascope.model.event;
