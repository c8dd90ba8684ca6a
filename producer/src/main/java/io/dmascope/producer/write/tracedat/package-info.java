/** What a trace.dat is made of: records, pages of a ring buffer, sections and options. */
package io.dmascope.producer.write.tracedat;
