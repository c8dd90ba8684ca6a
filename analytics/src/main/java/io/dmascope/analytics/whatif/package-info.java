/** What a workload would have cost elsewhere, as tables, JSON and charts. */
package io.dmascope.analytics.whatif;
