/** Captures that were never recorded: made up from a seed, with known truth. */
package io.dmascope.producer.synthetic;
