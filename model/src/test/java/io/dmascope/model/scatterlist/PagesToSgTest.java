package io.dmascope.model.scatterlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesToSgTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "G1, 100 101 102 200, 0, 4000, ffffffff, '100000+3000, 200000+1000'",
    "G2, 100 101 102, 200, 2c00, ffffffff, 100200+2c00",
    "G3, 100 101 102 103 104, 0, 5000, 2fff, '100000+2000, 102000+2000, 104000+1000'",
    "G4, 100 101 102 103, 800, 3800, 2000, '100800+1800, 102000+2000'",
    "G5, 103 102 101, 0, 3000, ffffffff, '103000+1000, 102000+1000, 101000+1000'",
    "G6, 100 101, 10, 20, ffffffff, 100010+20"
  })
  void goldenPages_becomeTheKernelsEntries(
      String id, String pages, String offset, String size, String maxSegment, String entries) {
    long[] frames = Arrays.stream(pages.split(" ", -1)).mapToLong(PagesToSgTest::hex).toArray();

    assertThat(PagesToSg.build(frames, hex(offset), hex(size), hex(maxSegment)))
        .map(PhysList::toString)
        .contains(entries);
  }

  @Test
  void pagesBeyondTheSize_areTakenWholeOnceTheCountHasWrapped() {
    assertThat(PagesToSg.build(new long[] {1, 5, 9}, 0, 0x800, 0x10000))
        .map(PhysList::toString)
        .contains("1000+800, 5000+1000, 9000+1000");
  }

  @Test
  void aLimitBelowAPage_isInvalid() {
    assertThat(PagesToSg.build(new long[] {1}, 0, 0x1000, 0xfff)).isEmpty();
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
