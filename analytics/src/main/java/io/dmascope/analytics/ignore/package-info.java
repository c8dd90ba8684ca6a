/**
 * The ignore file: findings that somebody has looked at and does not want to be stopped by. The
 * format is described in {@code docs/ignore.md}.
 */
package io.dmascope.analytics.ignore;
