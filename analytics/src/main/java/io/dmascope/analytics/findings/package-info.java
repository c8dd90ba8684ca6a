/** Reports of captures that were replayed elsewhere, read back from the topics. */
package io.dmascope.analytics.findings;
