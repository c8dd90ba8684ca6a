/** The {@code dmascope} command: one class a subcommand, and what they share. */
package io.dmascope.cli;
