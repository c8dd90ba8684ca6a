package io.dmascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dmascope.analytics.report.Finding;
import io.dmascope.analytics.report.Fingerprints;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Violation;
import io.dmascope.tables.Aggregate;
import io.dmascope.tables.CaptureRows;
import io.dmascope.tables.Names;
import io.dmascope.tables.RowWriter;
import io.dmascope.tables.RowWriters;
import io.dmascope.tables.RuleCount;
import io.dmascope.tables.Table;
import io.dmascope.tables.Tables;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes captures into tables; closing closes these. */
final class TableConclusions implements CaptureConclusions, Closeable {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<Table, RowWriter> writers = new HashMap<>();
  private final RowWriter events;
  private final RowWriter lifecycles;
  private final RowWriter aggregates;
  private CaptureRows rows = new CaptureRows("");
  private String capture = "";

  /**
   * @param wanted the tables to write; others are left out
   */
  TableConclusions(Set<Table> wanted, RowWriters to) throws IOException {
    for (Table table : Tables.ALL) {
      if (wanted.contains(table)) {
        writers.put(table, to.open(table));
      }
    }
    events = writers.get(Tables.EVENTS);
    lifecycles = writers.get(Tables.LIFECYCLES);
    aggregates = writers.get(Tables.AGGREGATES);
  }

  @Override
  public void facts(CaptureFacts facts) {
    capture = facts.file();
    rows = new CaptureRows(capture);
    rows.facts(facts);
  }

  @Override
  public void event(TraceEvent event) throws IOException {
    if (events != null) {
      rows.event(event, events);
    }
  }

  @Override
  public void lifecycle(MappingLifecycle life) throws IOException {
    if (lifecycles != null) {
      rows.lifecycle(life, lifecycles);
    }
  }

  @Override
  public void aggregate(Aggregate aggregate) throws IOException {
    if (aggregates != null) {
      rows.aggregate(aggregate, aggregates);
    }
  }

  @Override
  public void end(List<Finding> findings, List<RuleCount> ruleCounts) throws IOException {
    RowWriter counts = writers.get(Tables.RULE_COUNTS);
    if (counts != null) {
      for (RuleCount count : ruleCounts) {
        rows.ruleCount(count, counts);
      }
    }
    RowWriter to = writers.get(Tables.FINDINGS);
    if (to != null) {
      Fingerprints fingerprints = new Fingerprints();
      for (Finding finding : findings) {
        finding(finding, fingerprints.next(finding.first()), to);
      }
    }
  }

  private void finding(Finding finding, String fingerprint, RowWriter to) throws IOException {
    Violation first = finding.first();
    EventRef at = first.at();
    to.text(capture)
        .text(fingerprint)
        .text(first.ruleId())
        .text(Names.of(first.severity()))
        .text(Names.of(first.confidence()))
        .known(first.because())
        .known(first.device())
        .known(Names.of(first.direction()))
        .address(first.dmaAddr())
        .integer(first.sizeBytes())
        .integer(finding.count())
        .integer(at.sequence())
        .integer(at.timestampNs());
    rows.wall(at.timestampNs(), to);
    if (at.pid() == EventHeader.UNKNOWN) {
      to.nothing();
    } else {
      to.integer(at.pid());
    }
    to.known(at.comm())
        .integer(at.place())
        .integer(finding.last().sequence())
        .integer(finding.last().timestampNs())
        .text(first.message())
        .text(evidence(first))
        .endRow();
  }

  private static String evidence(Violation violation) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (RelatedEvent related : violation.related()) {
        json.writeStartObject();
        json.writeStringField("what", related.what());
        json.writeNumberField("sequence", related.at().sequence());
        json.writeNumberField("timestamp_ns", related.at().timestampNs());
        json.writeNumberField("place", related.at().place());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (RowWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        failure = e; // the others are closed first
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
