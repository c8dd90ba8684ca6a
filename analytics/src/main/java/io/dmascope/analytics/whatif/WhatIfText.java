package io.dmascope.analytics.whatif;

import io.dmascope.analytics.report.Plain;
import io.dmascope.model.whatif.Workload;
import java.io.PrintWriter;

/** A comparison as tables for a terminal. */
public final class WhatIfText {
  private WhatIfText() {}

  /** Prints one capture's comparison. */
  public static void print(WhatIfReport report, PrintWriter out) {
    out.println(headline(report));
    out.println();
    WhatIfTables.of(report).forEach(table -> out.print(table.toText()));
  }

  static String headline(WhatIfReport report) {
    Workload workload = report.workload();
    return Plain.of(report.file())
        + ": "
        + WhatIfTables.count(workload.maps())
        + " maps ("
        + WhatIfTables.count(workload.lists())
        + " lists) of "
        + WhatIfTables.count(workload.bytes())
        + " bytes, "
        + WhatIfTables.count(workload.allocations())
        + " coherent; "
        + WhatIfTables.count(workload.leftOut())
        + " left out, "
        + WhatIfTables.count(workload.neverUnmapped())
        + " never unmapped";
  }
}
