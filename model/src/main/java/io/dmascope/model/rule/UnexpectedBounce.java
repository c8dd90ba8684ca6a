package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.DeviceRig;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** SWT-001: a mapping bounced, and nothing recorded says why it had to. */
@RuleInfo(
    id = "SWT-001",
    title = "bounced without a reason",
    severity = Severity.INFO,
    on = {Op.MAP, Op.MAP_SG},
    signs = Sign.BOUNCED,
    needs = Family.BOUNCE,
    facts = Fact.COHERENCE,
    kernelSource = "kernel/dma/direct.h dma_direct_map_phys()",
    confidenceNotes =
        "asked of coherent devices, whose small buffers need no bouncing; suspect where the"
            + " manifest names no limit of the bus. Behind an IOMMU only buffers on 64 KiB"
            + " boundaries are asked, which bounce for nobody")
final class UnexpectedBounce implements Rule {
  /** The largest granule of the IOMMUs that Linux drives; aligned to it is aligned to any. */
  private static final long GRANULE_MAX = 1 << 16;

  @Override
  public void inspect(Transition t, Findings out) {
    Tasks.Bounce bounce = t.bounce();
    DeviceRig rig = t.state().rig().of(t.device());
    if (bounce == null || bounce.forced() || !rig.coherent().orElse(false)) {
      return;
    }
    boolean translated = t.device().translated();
    if (translated ? !aligned(bounce) : beyondReach(bounce, rig)) {
      return;
    }
    out.report(
        this,
        List.of(Premise.given(translated || rig.busLimitAddr() != 0, Reason.SHORTER_BUS)),
        "bounced though the device could reach the buffer [phys_addr=%s] [size=%s] [dma_mask=%s]"
            .formatted(
                Addresses.hex(bounce.deviceAddr()),
                Long.toUnsignedString(bounce.sizeBytes()),
                Addresses.hex(bounce.dmaMask())),
        List.of(Evidence.at("bounced here", bounce.header())));
  }

  private static boolean aligned(Tasks.Bounce bounce) {
    return ((bounce.deviceAddr() | bounce.sizeBytes()) & (GRANULE_MAX - 1)) == 0;
  }

  private static boolean beyondReach(Tasks.Bounce bounce, DeviceRig rig) {
    long last = Addresses.last(bounce.deviceAddr(), bounce.sizeBytes());
    return Long.compareUnsigned(last, bounce.dmaMask()) > 0
        || (rig.busLimitAddr() != 0 && Long.compareUnsigned(last, rig.busLimitAddr()) > 0);
  }
}
