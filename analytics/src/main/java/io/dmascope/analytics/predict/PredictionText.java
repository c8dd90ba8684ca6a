package io.dmascope.analytics.predict;

import io.dmascope.analytics.report.Plain;
import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.predict.CaptureParameters;
import io.dmascope.model.predict.DeviceFacts;
import io.dmascope.model.predict.IovaReport;
import io.dmascope.model.predict.PredictionReport;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * A prediction report as text.
 *
 * <pre>
 * trace.txt: 64,215 maps: 64,148 predicted exactly, 0 not, 67 without a prediction
 *   67 maps: the kernel traced only the first 128 entries of the list
 * </pre>
 */
public final class PredictionText {
  private final PrintWriter out;

  public PredictionText(PrintWriter out) {
    this.out = out;
  }

  /** Prints one capture's report. */
  public void print(String file, PredictionReport report) {
    out.printf(
        Locale.ROOT,
        "%s: %,d maps: %,d predicted exactly, %,d not, %,d without a prediction%n",
        Plain.of(file),
        report.events(),
        report.exact(),
        report.different(),
        report.events() - report.exact() - report.exactPrefix() - report.different());
    if (report.exactPrefix() > 0) {
      out.printf(
          Locale.ROOT,
          "  %,d truncated by the kernel, predicted exactly as far as they were traced%n",
          report.exactPrefix());
    }
    report
        .unpredicted()
        .forEach(
            (reason, count) ->
                out.printf(Locale.ROOT, "  %,d without: %s%n", count, reason.sentence()));
    addresses("bounce buffers", report.bounceAddresses());
    iovas(report.iovas());
    differences(report);
    rows(report);
    parameters(report.parameters());
  }

  private void addresses(String what, PredictionReport.Addresses addresses) {
    if (addresses.asked() > 0) {
      out.printf(
          Locale.ROOT,
          "  %,d of %,d %s: the very address predicted%n",
          addresses.predicted(),
          addresses.asked(),
          what);
    }
  }

  private void iovas(IovaReport iovas) {
    if (iovas.addresses() == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "  %,d of %,d I/O virtual addresses: the very address predicted (%s), %,d not, %,d"
            + " without%n",
        iovas.exact(),
        iovas.addresses(),
        policy(iovas.policy()),
        iovas.different(),
        iovas.addresses() - iovas.exact() - iovas.different());
    iovas
        .unknown()
        .forEach(
            (why, count) ->
                out.printf(Locale.ROOT, "    %,d without: %s%n", count, why.sentence()));
    for (IovaReport.Miss miss : iovas.misses()) {
      out.printf(
          Locale.ROOT,
          "    event %d: %s: predicted 0x%x, recorded 0x%x: %s%n",
          miss.sequence(),
          Plain.of(miss.device()),
          miss.predicted(),
          miss.recorded(),
          miss.cause().sentence());
    }
    if (iovas.different() > iovas.misses().size()) {
      out.printf(Locale.ROOT, "    and %,d more%n", iovas.different() - iovas.misses().size());
    }
    for (AddressRange window : iovas.windows()) {
      out.printf(
          "    inferred: nothing is taken from 0x%x to 0x%x%n", window.first(), window.last());
    }
  }

  private static String policy(FlushPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void differences(PredictionReport report) {
    for (PredictionReport.Difference difference : report.differences()) {
      out.printf(
          Locale.ROOT,
          "  event %d at %d: %s %s: %s%n",
          difference.sequence(),
          difference.place(),
          Plain.of(difference.device()),
          call(difference.call()),
          difference.what());
    }
    long more = report.different() - report.differences().size();
    if (more > 0) {
      out.printf(Locale.ROOT, "  and %,d more that differ%n", more);
    }
  }

  private void rows(PredictionReport report) {
    if (report.rows().isEmpty()) {
      return;
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "  %-14s %-14s %-10s %10s %10s %10s%n",
        "device",
        "backend",
        "call",
        "exact",
        "not",
        "none");
    for (PredictionReport.Row row : report.rows()) {
      out.printf(
          Locale.ROOT,
          "  %-14s %-14s %-10s %,10d %,10d %,10d%n",
          Plain.of(row.device()),
          row.backend().name().toLowerCase(Locale.ROOT).replace('_', '+'),
          call(row.call()),
          row.exact() + row.exactPrefix(),
          row.different(),
          row.unpredictedCount());
    }
  }

  private void parameters(CaptureParameters parameters) {
    out.println();
    out.printf(
        Locale.ROOT,
        "  granule 0x%x (%s)%n",
        parameters.granule(),
        parameters.granuleOrigin().name().toLowerCase(Locale.ROOT));
    parameters
        .pool()
        .ifPresent(
            pool ->
                out.printf(
                    Locale.ROOT,
                    "  bounce pool at 0x%x (%s), %,d slots (%s)%n",
                    pool.startAddr(),
                    pool.origin().name().toLowerCase(Locale.ROOT),
                    pool.slots(),
                    pool.slotsOrigin().name().toLowerCase(Locale.ROOT)));
    parameters
        .byName()
        .forEach(
            (name, facts) -> {
              DeviceParameters device = facts.parameters();
              out.printf(
                  Locale.ROOT,
                  "  %-14s max_segment_size 0x%x (%s), segment_boundary_mask 0x%x (%s),"
                      + " min_align_mask 0x%x (%s), dma_mask 0x%x (%s)%n",
                  Plain.of(name),
                  device.maxSegmentSize(),
                  source(facts.maxSegmentSize()),
                  device.segmentBoundaryMask(),
                  source(facts.segmentBoundary()),
                  device.minAlignMask(),
                  source(facts.minAlign()),
                  device.dmaMask(),
                  source(facts.dmaMask()));
            });
  }

  private static String source(DeviceFacts.Source source) {
    String origin = source.origin().name().toLowerCase(Locale.ROOT);
    return source.note().isEmpty() ? origin : origin + ": " + source.note();
  }

  private static String call(PredictionReport.Call call) {
    return switch (call) {
      case SINGLE -> "dma_map";
      case LIST -> "dma_map_sg";
    };
  }
}
