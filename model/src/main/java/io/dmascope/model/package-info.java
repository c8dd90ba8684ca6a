/** The DMA domain: events, mappings, address spaces and rules. Depends on the JDK only. */
package io.dmascope.model;
