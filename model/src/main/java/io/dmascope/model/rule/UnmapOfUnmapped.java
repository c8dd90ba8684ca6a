package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.AllStand;
import io.dmascope.model.mapping.Premise.NeverMade;
import io.dmascope.model.mapping.Premise.NoOtherList;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-001: an unmap or a free names something that is not mapped for that device. */
@RuleInfo(
    id = "DMA-MAP-001",
    title = "unmap of something that is not mapped",
    severity = Severity.ERROR,
    on = {Op.UNMAP, Op.FREE, Op.UNMAP_SG},
    signs = Sign.NO_OBJECT,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver tries to free DMA memory it has not allocated [device address=0x%016llx]"
            + " [size=%llu bytes]",
    confidenceNotes =
        "certain where the capture shows that it was unmapped before, or that nothing was mapped"
            + " there since the device appeared; suspect where events were lost, or where it may"
            + " have been mapped before the recording began, or where another CPU maps it so soon"
            + " that clocks may be apart")
final class UnmapOfUnmapped implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.object() != null || t.dmaAddr() == DmaAddress.ERROR) {
      return;
    }
    if (t.op() == Op.UNMAP_SG) {
      inspectList(t, out);
    } else if (t.candidates() > 1) {
      out.report(
          this,
          List.of(neverMade(t), new AllStand(t.device(), t.dmaAddr())),
          "unmaps %d bytes where %d live mappings start and none is like it %s"
              .formatted(t.sizeBytes(), t.candidates(), Evidence.where(t)),
          List.of());
    } else if (t.surrounding() != null && isNewerThanItsRelease(t)) {
      inspectInterior(t, t.surrounding().owner(), "inside a live mapping", out);
    } else if (t.formerly() != null) {
      inspectFormer(t, out);
    } else {
      inspectUnseen(t, out);
    }
  }

  /**
   * Of a live mapping around the address and an ended one at it, the later explains what the driver
   * meant.
   */
  private static boolean isNewerThanItsRelease(Transition t) {
    return t.formerly() == null
        || t.formerly().addr() != t.dmaAddr()
        || t.formerly().owner().released().sequence()
            < t.surrounding().owner().lastMapped().sequence();
  }

  private void inspectInterior(Transition t, MappedObject object, String where, Findings out) {
    out.report(
        this,
        noneBeside(object, object.translation() != MappedObject.Translation.IOMMU),
        "unmaps %s, which only its start address can end %s [mapped_at=%s] [mapped_size=%d]"
            .formatted(
                where, Evidence.where(t), Addresses.hex(object.dmaAddr()), object.sizeBytes()),
        Evidence.life(object));
  }

  private static NeverMade neverMade(Transition t) {
    return new NeverMade(t.device(), t.noPageTableRemoval());
  }

  /**
   * What no IOMMU translates may be mapped as a whole and in part at once, each in its own right:
   * the part may have been mapped before the whole, in a gap.
   */
  private static List<Premise> noneBeside(MappedObject object, boolean mayBe) {
    Premise stands = new Stands(object);
    return mayBe ? List.of(stands, NothingLost.ever()) : List.of(stands);
  }

  private void inspectFormer(Transition t, Findings out) {
    MappedObject object = t.formerly().owner();
    if (t.formerly().addr() != t.dmaAddr()) {
      inspectInterior(t, object, "inside a mapping that has ended", out);
      return;
    }
    out.report(
        this,
        noneBeside(object, mayStandTwice(object)),
        "%s what is already %s %s"
            .formatted(
                t.op() == Op.FREE ? "frees" : "unmaps",
                t.op() == Op.FREE ? "freed" : "unmapped",
                Evidence.where(t)),
        Evidence.life(object));
  }

  /**
   * What no IOMMU translates has one address however often it is mapped, and device memory or what
   * is only read may be mapped twice: another mapping of it may stand in a gap.
   */
  private static boolean mayStandTwice(MappedObject object) {
    return object.translation() != MappedObject.Translation.IOMMU
        && (object.kind() == MappingKind.RESOURCE || !object.direction().deviceWrites());
  }

  private void inspectUnseen(Transition t, Findings out) {
    MappedObject elsewhere = t.elsewhere();
    String verb = t.op() == Op.FREE ? "frees" : "unmaps";
    out.report(
        this,
        List.of(neverMade(t)),
        elsewhere == null
            ? "%s what was never mapped %s".formatted(verb, Evidence.where(t))
            : "%s what this device never mapped, but another did %s [mapped_by=%s]"
                .formatted(verb, Evidence.where(t), elsewhere.device().name()),
        elsewhere == null ? List.of() : Evidence.mapped(elsewhere));
  }

  private void inspectList(Transition t, Findings out) {
    MappedObject former = t.formerList();
    if (former == null) {
      out.report(
          this,
          List.of(neverMade(t)),
          "unmaps a scatterlist that was never mapped [nents=%d]".formatted(t.nents()),
          List.of());
      return;
    }
    out.report(
        this,
        List.of(
            new Stands(former),
            mayBeAnother(t, former)
                ? neverMade(t)
                : new NoOtherList(former.device(), former.direction(), t.noPageTableRemoval())),
        "unmaps a scatterlist that is already unmapped %s [nents=%d]"
            .formatted(Evidence.where(t), t.nents()),
        Evidence.life(former));
  }

  /**
   * True where the unmap may well mean a list that was never seen, and not the one that ended:
   * another count, or one page many times (the page of zeroes).
   */
  private static boolean mayBeAnother(Transition t, MappedObject former) {
    U64List physAddrs = former.physAddrs();
    boolean zeroes = physAddrs.size() > 1 && physAddrs.at(0) == physAddrs.at(1);
    return zeroes || former.nents() != t.nents();
  }
}
