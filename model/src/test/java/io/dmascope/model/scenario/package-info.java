/** Scenarios as text: events in a table, expected findings beside them. */
package io.dmascope.model.scenario;
