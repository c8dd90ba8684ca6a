package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sg_tables seen last, by pointer. */
public final class SgTables {
  /** Tables remembered; the one that has been quiet longest goes first. */
  static final int REMEMBERED_MAX = 4096;

  private static final Stage[] STAGES = Stage.values();

  /**
   * A table as it was seen last.
   *
   * @param device whose table it was
   * @param firstEmpty index of the first entry among those with addresses whose length is 0, or -1
   * @param imported true where an exporter made the addresses for an importer
   */
  public record Known(
      EventHeader header,
      Stage stage,
      String device,
      int nents,
      int firstEmpty,
      boolean imported) {}

  private final Map<Long, Known> tables =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /** The table as it was seen last, or null. */
  Known at(long table) {
    return tables.get(table);
  }

  /** Notes a table as it is now. */
  void seen(ProbeEvent.SgTable event) {
    Known before = tables.get(event.table());
    boolean imported =
        switch (event.stage()) {
          case IMPORTED -> true;
          case CONSUMED, UNMAPPED -> before != null && before.imported;
          case BUILDING, BUILT, MAPPED -> false;
        };
    tables.put(
        event.table(),
        new Known(
            event.header(),
            event.stage(),
            event.device(),
            event.nents(),
            firstEmpty(event),
            imported));
  }

  private static int firstEmpty(ProbeEvent.SgTable event) {
    int[] entries = event.entries();
    for (int i = 0; i < Math.min(event.nents(), entries.length); i++) {
      if (event.dmaLengths().at(entries[i]) == 0) {
        return i;
      }
    }
    return -1;
  }

  void save(StateWriter out) {
    out.u(tables.size());
    tables.forEach(
        (table, known) ->
            out.u(table)
                .header(known.header)
                .u(known.stage.ordinal())
                .text(known.device)
                .s(known.nents)
                .s(known.firstEmpty)
                .flag(known.imported));
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      tables.put(
          in.u(),
          new Known(in.header(), STAGES[in.i()], in.text(), (int) in.s(), (int) in.s(), in.flag()));
    }
  }
}
