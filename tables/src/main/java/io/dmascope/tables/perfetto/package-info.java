/** A capture as Perfetto's own trace of track events. */
package io.dmascope.tables.perfetto;
