package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.catalogue.CaptureCatalogue;
import io.dmascope.schemas.catalogue.CatalogueEntry;
import io.dmascope.schemas.catalogue.RecordedSpan;
import io.dmascope.schemas.catalogue.RecordedSpans;
import io.dmascope.schemas.codec.CaptureRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the captures that were published. */
@Command(
    name = "captures",
    mixinStandardHelpOptions = true,
    description = "List the captures that were published, with what came of them.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "2:Kafka, a run or a capture is not there, or the command line is wrong"
    },
    footer = {"", "Example: dmascope captures --kernel '7.2*' --measure"})
final class CapturesCommand implements Callable<Integer> {
  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Format format;

  @Option(
      names = "--measure",
      description =
          "Read the events too, all of them: begin, end and size of each capture, and the events of"
              + " those that have not ended.")
  private boolean measure;

  @Mixin private CaptureFilter filter = new CaptureFilter();

  @Mixin private RunOption run = new RunOption();

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  CapturesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One capture of the list. */
  private record Row(
      CatalogueEntry entry, int partition, long findings, Optional<RecordedSpan> span) {
    String state() {
      return entry.ended().isPresent() ? "ended" : "open";
    }

    Optional<Long> events() {
      return span.map(RecordedSpan::events)
          .or(() -> entry.ended().map(ended -> ended.lastSequence() + 1));
    }

    Optional<Long> lost() {
      return entry.ended().map(CaptureRecord.Ended::input).map(input -> input.lost());
    }

    Optional<Instant> wall(long timestampNs) {
      CaptureFacts facts = entry.facts();
      return facts
          .rig()
          .clock()
          .filter(pair -> pair.traceClock().equals(facts.clock()))
          .map(pair -> Instant.ofEpochSecond(0, pair.wallNsAt(timestampNs)));
    }
  }

  @Override
  public Integer call() {
    Topics topics = kafka.topicsOf(run.text());
    CaptureCatalogue catalogue;
    List<Row> rows = new ArrayList<>();
    try (TopicScan scan = new TopicScan(kafka.connection(), kafka.patience())) {
      int partitions = scan.partitions(topics.events()).size();
      if (partitions == 0) {
        throw new CommandException(
            "Kafka has no topic %s: nothing was published yet".formatted(topics.events()));
      }
      catalogue = CaptureCatalogue.read(scan, topics);
      Map<String, Long> findings = findings(scan, topics);
      RecordedSpans spans = measure ? RecordedSpans.read(scan, topics) : RecordedSpans.NONE;
      for (CatalogueEntry entry : catalogue.entries()) {
        if (filter.accepts(entry)) {
          rows.add(
              new Row(
                  entry,
                  Topics.partitionOf(entry.captureId(), partitions),
                  findings.getOrDefault(entry.captureId(), 0L),
                  spans.of(entry.captureId())));
        }
      }
    }
    switch (format) {
      case text -> text(rows);
      case json -> JsonText.print(terminal, rows.stream().map(CapturesCommand::json).toList());
    }
    if (catalogue.undecodable() > 0) {
      terminal.complain(
          "%,d records of the topic %s are not ours"
              .formatted(catalogue.undecodable(), topics.captures()));
    }
    return ExitCode.OK;
  }

  /** Counted by their keys; what they say is for the findings command. */
  private static Map<String, Long> findings(TopicScan scan, Topics topics) {
    Map<String, Long> findings = new HashMap<>();
    scan.read(
        topics.violations(),
        record -> {
          if (record.key() != null) {
            findings.merge(Topics.captureOfKey(record.key()), 1L, Long::sum);
          }
        });
    return findings;
  }

  private void text(List<Row> rows) {
    String form = "%-40s %-6s %-12s %-24s %12s %8s %9s %4s  %-20s";
    terminal
        .out()
        .printf(
            form,
            "CAPTURE",
            "STATE",
            "RIG",
            "KERNEL",
            "EVENTS",
            "LOST",
            "FINDINGS",
            "PART",
            "PUBLISHED");
    terminal.out().println(measure ? "  SIZE        BEGIN .. END" : "");
    for (Row row : rows) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              form,
              row.entry().captureId(),
              row.state(),
              row.entry().rig().isEmpty() ? "-" : row.entry().rig(),
              row.entry().facts().kernelRelease().isEmpty()
                  ? "-"
                  : row.entry().facts().kernelRelease(),
              count(row.events()),
              count(row.lost()),
              String.format(Locale.ROOT, "%,d", row.findings()),
              Integer.toString(row.partition()),
              Instant.ofEpochMilli(row.entry().publishedMs()).truncatedTo(ChronoUnit.SECONDS));
      terminal.out().println(row.span().map(span -> "  " + text(row, span)).orElse(""));
    }
  }

  private static String count(Optional<Long> number) {
    return number.map(n -> String.format(Locale.ROOT, "%,d", n)).orElse("-");
  }

  private static String text(Row row, RecordedSpan span) {
    return String.format(
        Locale.ROOT,
        "%,10d  %s .. %s",
        span.sizeBytes(),
        moment(row, span.firstTimestampNs()),
        moment(row, span.lastTimestampNs()));
  }

  private static String moment(Row row, long timestampNs) {
    return row.wall(timestampNs)
        .map(Instant::toString)
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "%d.%09d",
                    Math.floorDiv(timestampNs, 1_000_000_000L),
                    Math.floorMod(timestampNs, 1_000_000_000L)));
  }

  private static ObjectNode json(Row row) {
    var json =
        JsonText.object()
            .put("capture", row.entry().captureId())
            .put("state", row.state())
            .put("rig", row.entry().rig())
            .put("kernel", row.entry().facts().kernelRelease())
            .put("file", row.entry().facts().file())
            .put("partition", row.partition())
            .put("findings", row.findings())
            .put("publishedMs", row.entry().publishedMs());
    row.events().ifPresent(events -> json.put("events", events));
    row.lost().ifPresent(lost -> json.put("lost", lost));
    row.span()
        .ifPresent(
            span -> {
              json.put("sizeBytes", span.sizeBytes());
              json.put("beginNs", span.firstTimestampNs());
              json.put("endNs", span.lastTimestampNs());
              row.wall(span.firstTimestampNs()).ifPresent(at -> json.put("begin", at.toString()));
              row.wall(span.lastTimestampNs()).ifPresent(at -> json.put("end", at.toString()));
            });
    return json;
  }
}
