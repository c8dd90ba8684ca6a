package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.IgnoreEntry;

/** A finding that an entry of the ignore file took. */
public record IgnoredFinding(Finding finding, IgnoreEntry entry) {}
