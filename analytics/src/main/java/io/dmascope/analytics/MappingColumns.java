package io.dmascope.analytics;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ended mappings of one capture, as the address map draws them: a column a member, at most so many
 * rows. When they are full every second row goes and from then on every second newcomer is taken,
 * so that the whole capture stays visible at an even density; {@link #total()} still counts all.
 *
 * <p>The same mappings in the same order leave the same rows.
 */
final class MappingColumns {
  private static final int ROWS_MIN = 256;

  /** What a row holds, besides device, task, kind and direction. */
  private enum Column {
    DMA_ADDR,
    SIZE_BYTES,
    MAPPED_NS,
    UNMAPPED_NS,
    MAPPED_SEQUENCE,
    UNMAPPED_SEQUENCE,
    ENTRIES
  }

  /**
   * One ended mapping.
   *
   * @param entriesIn entries of a list passed in; 1 for everything else
   * @param entriesOut entries that came back
   */
  record Row(
      String device,
      String task,
      MappingKind kind,
      DmaDirection direction,
      long dmaAddr,
      long sizeBytes,
      long mappedNs,
      long unmappedNs,
      long mappedSequence,
      long unmappedSequence,
      int entriesIn,
      int entriesOut) {}

  /**
   * Part of the rows.
   *
   * @param matching rows that fit the question, of those that are kept
   * @param every one of how many mappings was kept: 1 where none was left out
   */
  record Selection(List<Row> rows, long matching, long every) {}

  private final int rowsMax;
  private final Map<String, Integer> nameIndex = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();
  private long[][] columns = new long[Column.values().length][ROWS_MIN];
  private int[] devices = new int[ROWS_MIN];
  private int[] tasks = new int[ROWS_MIN];
  private byte[] kinds = new byte[ROWS_MIN];
  private byte[] directions = new byte[ROWS_MIN];
  private int size;
  private long every = 1;
  private long total;

  MappingColumns(int rowsMax) {
    this.rowsMax = Math.max(ROWS_MIN, rowsMax);
  }

  void add(MappingLifecycle mapping) {
    if (total++ % every != 0) {
      return;
    }
    if (size == devices.length && !grow()) {
      thinOut();
      if ((total - 1) % every != 0) {
        return;
      }
    }
    devices[size] = indexOf(AnalyticsLimits.name(mapping.device()));
    tasks[size] = indexOf(AnalyticsLimits.name(mapping.mapped().comm()));
    kinds[size] = (byte) mapping.kind().ordinal();
    directions[size] = (byte) mapping.direction().ordinal();
    put(Column.DMA_ADDR, mapping.dmaAddr());
    put(Column.SIZE_BYTES, mapping.sizeBytes());
    put(Column.MAPPED_NS, mapping.mapped().timestampNs());
    put(Column.UNMAPPED_NS, mapping.unmapped().timestampNs());
    put(Column.MAPPED_SEQUENCE, mapping.mapped().sequence());
    put(Column.UNMAPPED_SEQUENCE, mapping.unmapped().sequence());
    put(Column.ENTRIES, (long) mapping.nents() << 32 | mapping.ents());
    size++;
  }

  /** All mappings that ended, kept or not. */
  long total() {
    return total;
  }

  /**
   * Returns what was mapped at some time between two moments.
   *
   * @param device empty for every device
   * @param limit at most so many rows, spread evenly over what matches
   */
  Selection select(String device, long fromNs, long toNs, int limit) {
    int wanted = device.isEmpty() ? -1 : nameIndex.getOrDefault(device, -2);
    int[] matching = new int[size];
    int count = 0;
    for (int row = 0; row < size; row++) {
      boolean ofDevice = wanted == -1 || devices[row] == wanted;
      if (ofDevice
          && get(Column.MAPPED_NS, row) <= toNs
          && get(Column.UNMAPPED_NS, row) >= fromNs) {
        matching[count++] = row;
      }
    }
    int step = Math.max(1, (count + limit - 1) / limit);
    List<Row> rows = new ArrayList<>(Math.min(count, limit));
    for (int i = 0; i < count; i += step) {
      rows.add(row(matching[i]));
    }
    return new Selection(rows, count, every);
  }

  private Row row(int row) {
    long entries = get(Column.ENTRIES, row);
    return new Row(
        names.get(devices[row]),
        names.get(tasks[row]),
        MappingKind.values()[kinds[row]],
        DmaDirection.values()[directions[row]],
        get(Column.DMA_ADDR, row),
        get(Column.SIZE_BYTES, row),
        get(Column.MAPPED_NS, row),
        get(Column.UNMAPPED_NS, row),
        get(Column.MAPPED_SEQUENCE, row),
        get(Column.UNMAPPED_SEQUENCE, row),
        (int) (entries >>> 32),
        (int) entries);
  }

  private int indexOf(String name) {
    Integer known = nameIndex.get(name);
    if (known != null) {
      return known;
    }
    names.add(name);
    nameIndex.put(name, names.size() - 1);
    return names.size() - 1;
  }

  private long get(Column column, int row) {
    return columns[column.ordinal()][row];
  }

  private void put(Column column, long value) {
    columns[column.ordinal()][size] = value;
  }

  /** Returns false where there is no room for more. */
  private boolean grow() {
    int capacity = Math.min(rowsMax, 2 * devices.length);
    if (capacity == devices.length) {
      return false;
    }
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Arrays.copyOf(columns[i], capacity);
    }
    devices = Arrays.copyOf(devices, capacity);
    tasks = Arrays.copyOf(tasks, capacity);
    kinds = Arrays.copyOf(kinds, capacity);
    directions = Arrays.copyOf(directions, capacity);
    return true;
  }

  private void thinOut() {
    int kept = 0;
    for (int row = 0; row < size; row += 2, kept++) {
      for (long[] column : columns) {
        column[kept] = column[row];
      }
      devices[kept] = devices[row];
      tasks[kept] = tasks[row];
      kinds[kept] = kinds[row];
      directions[kept] = directions[row];
    }
    size = kept;
    every *= 2;
  }
}
