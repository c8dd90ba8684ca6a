/** How fast the inner rooms are, each against the plainest thing that does the same. */
package io.dmascope.benchmarks;
