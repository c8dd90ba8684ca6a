package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IommuSgLayoutTest {
  private static final long BASE = 0xf0000000L;

  /**
   * Input entries are {@code phys+len}, {@code phys+len@bus} for one that keeps its bus address.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          M1  | 1000 | ffffffff | 10000 | 10000+1000 30000+1000 50000+1000 | f0000000+3000 | 3000 \
          | f0000000<-10000+1000 f0001000<-30000+1000 f0002000<-50000+1000
          M2  | 1000 | ffffffff | 10000 | 10000+1000 30200+e00 50000+1000 \
          | f0000000+1000 f0001200+1e00 | 3000 \
          | f0000000<-10000+1000 f0001000<-30000+1000 f0002000<-50000+1000
          M3  | 1000 | ffffffff | 10000 | 10200+e00 30000+1000 | f0000200+1e00 | 2000 \
          | f0000000<-10000+1000 f0001000<-30000+1000
          M4  | 1000 | ffffffff | 10000 | 10000+200 30000+1000 | f0000000+200 f0001000+1000 | 2000 \
          | f0000000<-10000+1000 f0001000<-30000+1000
          M7  | 1000 | ffffffff | 10000 | 100000+20000 200000+1000 | f0000000+21000 | 21000 \
          | f0000000<-100000+20000 f0020000<-200000+1000
          M8  | 1000 | ffffffff | 10000 | 100000+1000 200000+20000 300000+1000 \
          | f0000000+1000 f0001000+21000 | 22000 \
          | f0000000<-100000+1000 f0001000<-200000+20000 f0021000<-300000+1000
          M9  | 1000 | ffff     | 10000 | 100000+f000 200000+2000 \
          | f0000000+f000 f0010000+2000 | 12000 \
          | f0000000<-100000+10000 f0010000<-200000+2000
          M10 | 1000 | ffff     | 10000 | 100000+f000 200000+1000 300000+1000 \
          | f0000000+10000 f0010000+1000 | 11000 \
          | f0000000<-100000+f000 f000f000<-200000+1000 f0010000<-300000+1000
          M11 | 1000 | ffffffff | 10000 | 10000+1000 e0001000+1000@c0001000 30000+1000 \
          | f0000000+1000 c0001000+1000@ f0001000+1000 | 2000 \
          | f0000000<-10000+1000 f0001000<-30000+1000
          M12 | 1000 | ffffffff | 10000 | e0000000+2000@c0000000 e0004000+1000@c0004000 \
          | c0000000+2000@ c0004000+1000@ | 0 | ''
          M13 | 1000 | ffffffff | 10000 | 10000+1000 11000+1000 | f0000000+2000 | 2000 \
          | f0000000<-10000+2000
          M14 | 1000 | ffffffffffffffff | ffffffff | 10000+100000 300000+100000 500000+100000 \
          | f0000000+300000 | 300000 \
          | f0000000<-10000+100000 f0100000<-300000+100000 f0200000<-500000+100000
          M15 | 1000 | ffffffff | 10000 | 10000+10000 30000+10000 \
          | f0000000+10000 f0010000+10000 | 20000 | f0000000<-10000+10000 f0010000<-30000+10000
          M16 | 1000 | ffffffff | 10000 | 10ff0+10 20000+10 30000+1000 \
          | f0000ff0+20 f0002000+1000 | 3000 \
          | f0000000<-10000+1000 f0001000<-20000+1000 f0002000<-30000+1000
          M17 | 1000 | ffffffff | 10000 | 10000+800 10800+800 | f0000000+800 f0001800+800 | 2000 \
          | f0000000<-10000+1000 f0001000<-10000+1000
          M18 | 800  | ffffffff | 10000 | 10000+800 20800+800 | f0000000+1000 | 1000 \
          | f0000000<-10000+800 f0000800<-20800+800
          M19 | 1000 | ffffffff | 18000 | 100000+10000 200000+10000 \
          | f0000000+10000 f0010000+10000 | 20000 \
          | f0000000<-100000+10000 f0010000<-200000+10000
          """)
  void goldenList_becomesTheKernelsEntries(
      String id,
      String granule,
      String boundary,
      String maxSegment,
      String input,
      String output,
      String iovaSize,
      String runs) {
    Mapping mapping = map(list(input), hex(granule), hex(boundary), hex(maxSegment));

    assertThat(entries(mapping)).isEqualTo(output);
    assertThat(mapping.iovaSizeBytes()).isEqualTo(hex(iovaSize));
    assertThat(runs(mapping)).isEqualTo(runs);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"M5, 17, f0000000+10000 f0010000+1000, 11000", "M6, 16, f0000000+10000, 10000"})
  void pagesOneApart_fillSegmentsToTheLimit(String id, int pages, String output, String iovaSize) {
    PhysList list = new PhysList();
    for (int i = 0; i < pages; i++) {
      list.add(0x100000 + 0x2000L * i, 0x1000);
    }

    Mapping mapping = map(list, 0x1000, 0xffffffffL, 0x10000);

    assertThat(entries(mapping)).isEqualTo(output);
    assertThat(mapping.iovaSizeBytes()).isEqualTo(hex(iovaSize));
    assertThat(mapping.pageTableRuns()).hasSize(pages);
  }

  @Test
  void m20_anEntryThatDoesNotFit32BitsWhenAligned_isInvalid() {
    PhysList list = new PhysList().add(0x10000, 0xfffff001L).add(0x30000, 0x1000);

    assertThat(IommuSgLayout.of(list, 0x1000, 0xffffffffL, 0xffffffffL).at(BASE))
        .isEqualTo(new MapResult.Failure(Errno.EINVAL));
  }

  @Test
  void anUnreachablePeer_failsTheWholeList() {
    PhysList list =
        new PhysList().add(0x10000, 0x1000).add(0xe0000000L, 0x1000, P2pMapType.NOT_SUPPORTED, 0);

    assertThat(IommuSgLayout.of(list, 0x1000, 0xffffffffL, 0x10000).at(BASE))
        .isEqualTo(new MapResult.Failure(Errno.EREMOTEIO));
  }

  @Test
  void aSegmentWhoseLimitWasLost_wrapsAt32Bits() {
    PhysList list = new PhysList().add(0x100000, 0x20000);
    for (int i = 0; i < 3; i++) {
      list.add(0x1_0000_0000L * (2 + 2 * i), 0x8000_0000L);
    }

    Mapping mapping = (Mapping) IommuSgLayout.of(list, 0x1000, -1L, 0x10000).at(0x1000_0000_0000L);

    // max_len - cur_len still has room for 2 GiB where cur_len is 2 GiB, and the sum is 0.
    assertThat(mapping.ents()).isEqualTo(2);
    assertThat(mapping.lengths().at(0)).isEqualTo(0x8002_0000L);
    assertThat(mapping.lengths().at(1)).isZero();
  }

  @Test
  void paddingToABoundary_isCountedAsExposed() {
    assertThat(map(list("100000+f000 200000+2000"), 0x1000, 0xffff, 0x10000).paddingBytes())
        .isEqualTo(0x1000);
  }

  @Property
  void everyList_keepsItsBytesInNoMoreEntries(@ForAll("lists") PhysList list) {
    Mapping mapping = map(list, 0x1000, 0xffff, 0x10000);

    assertThat(mapping.ents()).isBetween(1, list.size());
    assertThat(mapping.lengths().sum()).isEqualTo(list.totalBytes());
    assertThat(mapping.pageTableRuns().stream().mapToLong(PageTableRun::sizeBytes).sum())
        .isEqualTo(mapping.iovaSizeBytes());
    assertThat(mapping.paddingBytes()).isNotNegative();
  }

  @Property
  void everyByte_isTranslatedToWhereItLies(@ForAll("lists") PhysList list) {
    Mapping mapping = map(list, 0x1000, 0xffff, 0x10000);
    List<String> translated = new ArrayList<>();
    int entry = 0;
    long used = 0;
    for (int i = 0; i < list.size(); i++) {
      if (used == mapping.lengths().at(entry)) {
        entry++;
        used = 0;
      }
      long dma = mapping.dmaAddrs().at(entry) + used;
      translated.add("%x".formatted(translate(mapping, dma)));
      used += list.length(i);
    }

    List<String> physical = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      physical.add("%x".formatted(list.physAddr(i)));
    }
    assertThat(translated).isEqualTo(physical);
  }

  @Provide
  Arbitrary<PhysList> lists() {
    Arbitrary<long[]> entry =
        Combinators.combine(
                Arbitraries.longs().between(1, 1 << 20),
                Arbitraries.of(0L, 0L, 0L, 0x200L, 0xff0L),
                Arbitraries.longs().between(1, 12),
                Arbitraries.of(0L, 0L, 0L, 0x10L, 0x800L))
            .as(
                (frame, offset, pages, cut) ->
                    new long[] {
                      frame * 0x1000 + offset, Math.max(1, pages * 0x1000 - offset - cut)
                    });
    return entry
        .list()
        .ofMinSize(1)
        .ofMaxSize(40)
        .map(
            entries -> {
              PhysList list = new PhysList();
              entries.forEach(e -> list.add(e[0], e[1]));
              return list;
            });
  }

  private static long translate(Mapping mapping, long dma) {
    for (PageTableRun run : mapping.pageTableRuns()) {
      if (dma >= run.iova() && dma < run.iova() + run.sizeBytes()) {
        return run.physAddr() + dma - run.iova();
      }
    }
    return -1;
  }

  private static Mapping map(PhysList list, long granule, long boundary, long maxSegment) {
    return (Mapping) IommuSgLayout.of(list, granule, boundary, maxSegment).at(BASE);
  }

  private static PhysList list(String text) {
    PhysList list = new PhysList();
    for (String entry : text.split(" ", -1)) {
      String[] parts = entry.split("[+@]", -1);
      if (parts.length == 3) {
        list.add(hex(parts[0]), hex(parts[1]), P2pMapType.BUS_ADDR, hex(parts[2]));
      } else {
        list.add(hex(parts[0]), hex(parts[1]));
      }
    }
    return list;
  }

  private static String entries(Mapping mapping) {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < mapping.ents(); i++) {
      String mark = mapping.isBusAddress(i) ? "@" : "";
      entries.add("%x+%x%s".formatted(mapping.dmaAddrs().at(i), mapping.lengths().at(i), mark));
    }
    return String.join(" ", entries);
  }

  private static String runs(Mapping mapping) {
    return mapping.pageTableRuns().stream()
        .map(run -> "%x<-%x+%x".formatted(run.iova(), run.physAddr(), run.sizeBytes()))
        .collect(Collectors.joining(" "));
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
