package io.dmascope.analytics.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text under a heading: the first column flush left, the others flush right. */
final class Table {
  private final String title;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String title, String... heading) {
    this.title = title;
    rows.add(Arrays.asList(heading));
  }

  void row(List<String> cells) {
    rows.add(cells);
  }

  String title() {
    return title;
  }

  List<List<String>> rows() {
    return rows;
  }

  String toText() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder(title).append('\n');
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.append('\n').toString();
  }
}
