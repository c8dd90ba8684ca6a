/** What a recording is made of, in numbers: to compare made-up drivers with real ones. */
package io.dmascope.cli.stats;
