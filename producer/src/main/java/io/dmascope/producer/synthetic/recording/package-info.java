/** What recording does to a trace: losses, cut lists, a late start, clocks apart, late lines. */
package io.dmascope.producer.synthetic.recording;
