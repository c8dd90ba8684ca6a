package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.event.ProbeEvent.VirtualMap.Region;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Recorder;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;
import java.util.function.Predicate;

/** What only a recorder with probes can see: lists in memory, requests, page tables of devices. */
final class ProbeFaults {
  private static final long TABLES = 0xffff_8881_0000_1000L;
  private static final long TABLE_BYTES = 0x20;
  private static final long PAGE = Memory.PAGE_SIZE;

  /** The bit of {@code page_link} that marks the last entry. */
  private static final long END = 2;

  private static final long NEVER_MAPPED = 0x30_0000L;
  private static final long HUGE = 0x20_0000L;
  private static final long REGION_ADDR = 0x7f00_0000_0000L;
  private static final int BIO_VECS_MAX = 256;

  /** What a probe sees of a device that is at work. */
  @FunctionalInterface
  private interface Sight {
    ProbeEvent at(EventHeader header, Single single);
  }

  static final List<Fault<?>> ALL =
      List.of(
          Fault.afterMap(
              "DMA-MAP-010",
              "mapped without asking whether it worked",
              single -> single.device().machine().probes() && single.device().unmapsAll(),
              ProbeFaults::unchecked),
          seen(
              "DMA-MAP-017",
              "the stack was mapped",
              (header, single) ->
                  new ProbeEvent.VirtualMap(
                      header, name(single), 0xffff_c900_0012_3e40L, 64, Region.STACK)),
          seen(
              "DMA-SG-012",
              "a list without an end",
              (header, single) ->
                  built(header, single, 2, 2, U64List.of(2 * PAGE, 3 * PAGE), PAGE, PAGE)),
          seen(
              "DMA-SG-013",
              "a list that ends too early",
              (header, single) ->
                  built(header, single, 3, 3, U64List.of(2 * PAGE, 3 * PAGE | END), PAGE, PAGE)),
          seen(
              "DMA-SG-017",
              "entries of memory and of addresses differ before the map",
              (header, single) ->
                  built(header, single, 2, 1, U64List.of(2 * PAGE, 3 * PAGE | END), PAGE, PAGE)),
          fault(
              "DMA-SG-016",
              "an entry that does not fit 32 bits with its padding",
              single -> single.device().translated(),
              (header, single) ->
                  table(
                      header,
                      single,
                      Stage.BUILT,
                      1,
                      1,
                      U64List.of(2 * PAGE | END),
                      U64List.of(0x200),
                      U64List.of(0xffff_fe00L),
                      U64List.of(0),
                      U64List.of(0)),
              true),
          fault(
              "DMA-SG-011",
              "a consumer tells its device a foreign address",
              single -> true,
              (header, single) -> addressed(header, single, Stage.CONSUMED, 2 * PAGE, NEVER_MAPPED),
              true),
          seen(
              "DMA-SG-010",
              "an address without memory",
              (header, single) -> addressed(header, single, Stage.MAPPED, 0, single.dmaAddr())),
          seen(
              "DMA-SG-015",
              "an entry past the mapped ones was read",
              (header, single) ->
                  new ProbeEvent.SgRead(
                      header, name(single), freshTable(header), 1, 1, DmaAddress.ERROR, 0)),
          seen(
              "DMA-BIO-001",
              "a bio with too many vectors",
              (header, single) ->
                  new ProbeEvent.Bio(
                      header, name(single), BIO_VECS_MAX + 1, (BIO_VECS_MAX + 1) * PAGE)),
          seen(
              "DMA-BIO-002",
              "a request with a gap",
              (header, single) ->
                  new ProbeEvent.BlockRequest(
                      header,
                      name(single),
                      8,
                      0x1_0000,
                      0xffff_ffffL,
                      PAGE - 1,
                      U64List.of(PAGE, 3 * PAGE + 0x200),
                      U64List.of(PAGE, PAGE))),
          fault(
              "BUF-003",
              "a buffer whose address is no page's",
              single -> single.sizeBytes() >= 2 * PAGE && single.dmaAddr() % PAGE == 0,
              (header, single) ->
                  addressed(header, single, Stage.IMPORTED, 2 * PAGE, single.dmaAddr() + 0x200),
              false),
          seen(
              "RDM-001",
              "pages larger than the addresses allow",
              (header, single) ->
                  new ProbeEvent.RdmaRegion(
                      header,
                      name(single),
                      REGION_ADDR,
                      2 * HUGE,
                      REGION_ADDR,
                      HUGE | PAGE,
                      HUGE,
                      U64List.of(0x4000_1000L),
                      U64List.of(2 * HUGE),
                      U64List.of(0x4000_0000L))),
          seen(
              "GPU-001",
              "more pages than the array holds",
              (header, single) ->
                  new ProbeEvent.PageArray(
                      header,
                      name(single),
                      2,
                      U64List.of(PAGE, 9 * PAGE),
                      U64List.of(2 * PAGE, PAGE))),
          seen(
              "NVM-001",
              "a PRP that begins inside a page",
              (header, single) ->
                  new ProbeEvent.NvmeCommand(
                      header, name(single), 2 * PAGE, U64List.of(PAGE, 2 * PAGE + 0x200))));

  private ProbeFaults() {}

  private static Fault<Single> seen(String ruleId, String what, Sight sight) {
    return fault(ruleId, what, single -> true, sight, false);
  }

  /**
   * @param open whether the rest of the capture decides how sure one can be
   */
  private static Fault<Single> fault(
      String ruleId, String what, Predicate<Single> fits, Sight sight, boolean open) {
    return Fault.afterMap(
        ruleId,
        what,
        single -> single.device().machine().probes() && fits.test(single),
        (at, single, log) -> {
          Recorder recorder = single.device().machine().recorder();
          long sequence = recorder.emit(at, header -> sight.at(header, single));
          if (open) {
            log.either(sequence, name(single), 0, 0);
          } else {
            log.certain(sequence, name(single), 0, 0);
          }
          return null;
        });
  }

  private static Object unchecked(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    Memory memory = device.machine().memory();
    // The honest mapping was checked just now: that somebody watches is part of the proof.
    long watched = device.machine().recorder().nextSequence() - 1;
    long page = memory.page();
    Single careless =
        device
            .singles()
            .map(at, device.machine().generation().pageApi(), page, PAGE, single.direction(), 0);
    if (!careless.failed()) {
      long sequence = device.singles().unmap(at, careless);
      log.certain(sequence, device.name(), careless.dmaAddr(), PAGE, watched, careless.mappedAt());
    }
    memory.free(page);
    return null;
  }

  private static String name(Single single) {
    return single.device().name();
  }

  /** A table that nobody has seen: of one that was imported its consumer may be silent. */
  private static long freshTable(EventHeader header) {
    return TABLES + TABLE_BYTES * header.sequence();
  }

  /** A table before it is mapped. */
  private static ProbeEvent built(
      EventHeader header, Single single, int origNents, int nents, U64List links, long... lengths) {
    U64List zeroes = U64List.wrap(new long[lengths.length]);
    return table(
        header,
        single,
        Stage.BUILT,
        origNents,
        nents,
        links,
        zeroes,
        U64List.wrap(lengths),
        zeroes,
        zeroes);
  }

  /** A table of one entry with an address. */
  private static ProbeEvent addressed(
      EventHeader header, Single single, Stage stage, long page, long dmaAddr) {
    return table(
        header,
        single,
        stage,
        1,
        1,
        U64List.of(page | END),
        U64List.of(0),
        U64List.of(PAGE),
        U64List.of(dmaAddr),
        U64List.of(PAGE));
  }

  private static ProbeEvent table(
      EventHeader header,
      Single single,
      Stage stage,
      int origNents,
      int nents,
      U64List links,
      U64List offsets,
      U64List lengths,
      U64List dmaAddrs,
      U64List dmaLengths) {
    return new ProbeEvent.SgTable(
        header,
        name(single),
        stage,
        freshTable(header),
        origNents,
        nents,
        false,
        links,
        offsets,
        lengths,
        dmaAddrs,
        dmaLengths,
        U64List.wrap(new long[links.size()]));
  }
}
