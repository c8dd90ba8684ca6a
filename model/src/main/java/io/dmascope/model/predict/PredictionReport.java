package io.dmascope.model.predict;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the recorded maps of one capture compare with what the model predicts.
 *
 * @param parameters what was predicted with
 * @param rows one a device, backend and call
 * @param differences the first predictions that did not come true
 * @param bounceAddresses bounce buffers whose very address was predicted
 * @param iovas how I/O virtual addresses compare with a replayed allocator's
 */
public record PredictionReport(
    CaptureParameters parameters,
    List<Row> rows,
    List<Difference> differences,
    Addresses bounceAddresses,
    IovaReport iovas) {

  /** The calls that are predicted. */
  public enum Call {
    /** {@code dma_map_page}, {@code dma_map_resource}, {@code dma_map_phys}. */
    SINGLE,
    /** {@code dma_map_sg}. */
    LIST
  }

  /**
   * The maps of one device through one backend.
   *
   * @param exact predictions that came true in everything that is recorded
   * @param exactPrefix predictions that came true in what was traced of a truncated list
   * @param different predictions that did not
   * @param unpredicted maps without a prediction, by reason
   */
  public record Row(
      String device,
      BackendKind backend,
      Call call,
      long exact,
      long exactPrefix,
      long different,
      SortedMap<Reason, Long> unpredicted) {
    public Row {
      unpredicted = new TreeMap<>(unpredicted);
    }

    public long events() {
      return exact + exactPrefix + different + unpredictedCount();
    }

    public long unpredictedCount() {
      return unpredicted.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * A prediction that did not come true.
   *
   * @param sequence of the event
   * @param place of the event, as in {@link io.dmascope.model.event.EventHeader#place()}
   * @param what what differs, the model's value first
   */
  public record Difference(long sequence, long place, String device, Call call, String what) {}

  /**
   * Addresses that depend on every earlier call, and are known only where the capture has all of
   * them.
   *
   * @param predicted addresses that a replayed allocator handed out as the kernel did
   * @param asked addresses it was asked for; after a wrong one it is put right and goes on
   */
  public record Addresses(long predicted, long asked) {}

  /** How many differences are kept. */
  public static final int DIFFERENCES_MAX = 20;

  public PredictionReport {
    rows = List.copyOf(rows);
    differences = List.copyOf(differences);
  }

  public long events() {
    return rows.stream().mapToLong(Row::events).sum();
  }

  public long exact() {
    return rows.stream().mapToLong(Row::exact).sum();
  }

  public long exactPrefix() {
    return rows.stream().mapToLong(Row::exactPrefix).sum();
  }

  public long different() {
    return rows.stream().mapToLong(Row::different).sum();
  }

  /** Maps without a prediction, by reason, over all rows. */
  public SortedMap<Reason, Long> unpredicted() {
    SortedMap<Reason, Long> sum = new TreeMap<>();
    for (Row row : rows) {
      row.unpredicted().forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    }
    return sum;
  }
}
