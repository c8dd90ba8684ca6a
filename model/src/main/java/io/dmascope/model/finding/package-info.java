/** What the model concludes: violations with their evidence, closed mappings, device summaries. */
package io.dmascope.model.finding;
