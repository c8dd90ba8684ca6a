package io.dmascope.model.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RdmaPageSizeTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "R1, 40000000+400000, 40201000, 7f0000000000, 400000, 7f0000000000, 40000000, 1",
    "R2, 40001000+400000, 40201000, 7f0000000000, 400000, 7f0000000000, 1000, 1024",
    "R3, 40000000+200000 80000000+200000, 40201000, 7f0000000000, 400000, 7f0000000000, 200000, 2",
    "R4, 40000000+1000 80001000+3ff000, 40201000, 7f0000000000, 400000, 7f0000000000, 1000, 1024",
    "R5, 40000000+10000 80010000+1f0000, 211000, 7f0000000000, 200000, 7f0000000000, 10000, 32",
    "R6, 40000000+2000, 201000, 7f0000000800, 1000, 7f0000000800, 200000, 1",
    "R7, 40000000+2000, fffffffffffff000, 7f0000000800, 1000, 7f0000000800, 2000, 1",
    "R8, 40000000+2000, 201000, 7f0000000800, 1000, 0, 0, 0",
    "R9, 40000000+1000 40001000+1000, 203000, 7f0000000000, 2000, 7f0000000000, 2000, 1",
    "R10, 40000000+1000, 200000, 7f0000000000, 1000, 7f0000000000, 200000, 1",
    "R11, 40001000+1000, 200000, 7f0000000000, 1000, 7f0000000000, 0, 0",
    "R13, 40000000+600000, 40201000, 7f0000100000, 500000, 7f0000100000, 1000, 1280",
    "R14, 40100000+500000, 40201000, 7f0000100000, 500000, 7f0000100000, 40000000, 1",
    "R15, fffff000+1000 ffffe000+1000, 3000, 7f0000000000, 2000, 7f0000000000, 1000, 2"
  })
  void goldenRegion_getsTheKernelsPageAndBlocks(
      String id,
      String entries,
      String bitmap,
      String address,
      String length,
      String virt,
      String page,
      int blocks) {
    RdmaPageSize region = region(entries, address, length, virt);

    long pageSize = region.best(hex(bitmap));

    assertThat(pageSize).isEqualTo(hex(page));
    if (pageSize != 0) {
      assertThat(blocks(region, pageSize)).hasSize(blocks);
    }
  }

  @Test
  void blocks_areAlignedAndInOrder() {
    RdmaPageSize region =
        region("40000000+10000 80010000+20000", "7f0000000000", "30000", "7f0000000000");

    assertThat(blocks(region, 0x10000)).containsExactly(0x40000000L, 0x80010000L, 0x80020000L);
  }

  @Test
  void aRegionThatWraps_cannotBeRegistered() {
    assertThat(region("40000000+1000", "0", "2000", "fffffffffffff000").best(0x1000)).isZero();
  }

  private static List<Long> blocks(RdmaPageSize region, long pageSize) {
    List<Long> blocks = new ArrayList<>();
    region.forEachBlock(pageSize, blocks::add);
    return blocks;
  }

  private static RdmaPageSize region(String entries, String address, String length, String virt) {
    String[] parts = entries.split(" ", -1);
    long[] addrs = Arrays.stream(parts).mapToLong(e -> hex(e.split("\\+", -1)[0])).toArray();
    long[] lengths = Arrays.stream(parts).mapToLong(e -> hex(e.split("\\+", -1)[1])).toArray();
    return new RdmaPageSize(
        U64List.wrap(addrs), U64List.wrap(lengths), hex(address), hex(length), hex(virt));
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
