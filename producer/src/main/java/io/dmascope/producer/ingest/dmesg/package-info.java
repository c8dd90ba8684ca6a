/**
 * The kernel log beside a capture: fault lines become events placed in time, and the kernel's own
 * verdicts become records to compare ours with.
 */
package io.dmascope.producer.ingest.dmesg;
