/** Two sets of findings, of two recordings or two saved reports, side by side. */
package io.dmascope.analytics.diff;
