/**
 * The hunt for our own mistakes: made-up captures with known truth go through writers, readers,
 * model and rules, and what comes out is held against what went in.
 */
package io.dmascope.cli.simulation;
