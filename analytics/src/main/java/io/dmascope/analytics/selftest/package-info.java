/** Holds the model to golden vectors: inputs with what the kernel's own functions computed. */
package io.dmascope.analytics.selftest;
