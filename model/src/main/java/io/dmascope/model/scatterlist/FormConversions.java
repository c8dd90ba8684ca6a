package io.dmascope.model.scatterlist;

import io.dmascope.model.scatterlist.FormList.Side;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many passes over a list it takes to write it down in another form. A scatterlist is allocated
 * for a known number of entries, so that building one takes a pass to count and one to fill; the
 * others grow as they go. {@code -} stands where a form does not have that side.
 */
final class FormConversions {
  private static final String MEMORY =
      """
      from          scatterlist  bio-vec  phys-vec  dma-sg  dma-sg64  dma-vec  iova-state  linear
      scatterlist   0            1        1         -       -         -        -           -
      bio-vec       2            0        1         -       -         -        -           -
      phys-vec      2            1        0         -       -         -        -           -
      dma-sg        -            -        -         -       -         -        -           -
      dma-sg64      -            -        -         -       -         -        -           -
      dma-vec       -            -        -         -       -         -        -           -
      iova-state    -            -        -         -       -         -        -           -
      linear        -            -        -         -       -         -        -           -
      """;

  private static final String DMA =
      """
      from          scatterlist  bio-vec  phys-vec  dma-sg  dma-sg64  dma-vec  iova-state  linear
      scatterlist   0            -        -         1       1         1        1           1
      bio-vec       -            -        -         -       -         -        -           -
      phys-vec      -            -        -         -       -         -        -           -
      dma-sg        2            -        -         0       1         1        1           1
      dma-sg64      2            -        -         1       0         1        1           1
      dma-vec       2            -        -         1       1         0        1           1
      iova-state    1            -        -         1       1         1        0           1
      linear        2            -        -         1       1         1        1           0
      """;

  private record Cell(EntryForm from, EntryForm to) {}

  private static final Map<Side, Map<Cell, Integer>> PASSES = new EnumMap<>(Side.class);

  static {
    PASSES.put(Side.MEMORY, parse(MEMORY));
    PASSES.put(Side.DMA, parse(DMA));
  }

  private FormConversions() {}

  /** Returns the passes, or empty where a form has no such side. */
  static Optional<Integer> passes(Side side, EntryForm from, EntryForm to) {
    return Optional.ofNullable(PASSES.get(side).get(new Cell(from, to)));
  }

  private static Map<Cell, Integer> parse(String table) {
    List<String[]> rows = table.lines().map(line -> line.trim().split(" +", -1)).toList();
    String[] heading = rows.getFirst();
    Map<Cell, Integer> cells = new HashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      for (int i = 1; i < row.length; i++) {
        if (!row[i].equals("-")) {
          cells.put(new Cell(form(row[0]), form(heading[i])), Integer.valueOf(row[i]));
        }
      }
    }
    return cells;
  }

  private static EntryForm form(String label) {
    return Arrays.stream(EntryForm.values())
        .filter(form -> form.label().equals(label))
        .findFirst()
        .orElseThrow();
  }
}
