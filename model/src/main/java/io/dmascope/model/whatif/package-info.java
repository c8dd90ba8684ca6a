/**
 * A recorded workload replayed through other backends, limits and forms: what the same maps would
 * have cost.
 */
package io.dmascope.model.whatif;
