package io.dmascope.model.rule;

import io.dmascope.model.consumer.NvmePrp;
import io.dmascope.model.event.ProbeEvent.NvmeCommand;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * NVM-001: every physical region page but the first begins on a page, all but the last are whole.
 */
@RuleInfo(
    id = "NVM-001",
    title = "PRP that is no page",
    severity = Severity.ERROR,
    on = Op.NVME_COMMAND,
    needs = Family.NVME_COMMAND,
    kernelSource = "drivers/nvme/host/pci.c nvme_pci_setup_data_prp()",
    confidenceNotes = "always certain: the entries are recorded")
final class PrpAlignment implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    NvmeCommand command = (NvmeCommand) t.probe();
    int entries = command.prps().size();
    if (entries == 0) {
      return;
    }
    for (int i = 1; i < entries; i++) {
      if (NvmePrp.hasGap(0, command.prps().at(i))) {
        out.report(
            this,
            List.of(),
            "entry %d does not begin on a page [prp=%s] [size=%s]"
                .formatted(i + 1, Addresses.hex(command.prps().at(i)), size(command)),
            List.of());
        return;
      }
    }
    long needed = NvmePrp.entries(command.prps().at(0), command.sizeBytes());
    if (needed != entries) {
      out.report(
          this,
          List.of(),
          "the data takes %s entries, the command has %d [prp1=%s] [size=%s]"
              .formatted(
                  Long.toUnsignedString(needed),
                  entries,
                  Addresses.hex(command.prps().at(0)),
                  size(command)),
          List.of());
    }
  }

  private static String size(NvmeCommand command) {
    return Long.toUnsignedString(command.sizeBytes());
  }
}
