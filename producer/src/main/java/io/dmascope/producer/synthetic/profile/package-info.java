/**
 * Drivers that behave like those they are named after, at the level of DMA calls: what they map,
 * for how long, from which context, and what they leave out.
 */
package io.dmascope.producer.synthetic.profile;
