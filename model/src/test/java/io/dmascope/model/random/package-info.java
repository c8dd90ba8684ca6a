/** Random traces for the properties that have to hold whatever a capture contains. */
package io.dmascope.model.random;
