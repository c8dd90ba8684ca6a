package io.dmascope.model.scatterlist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntryFormTest {
  private static final long GIB_OF_PAGES = 262_144;

  @Test
  void aScatterlistForAGibOfPages_takes2065Chunks() {
    assertThat(EntryForm.SCATTERLIST.chunks(GIB_OF_PAGES)).isEqualTo(2065);
    assertThat(EntryForm.SCATTERLIST.bytes(GIB_OF_PAGES)).isEqualTo((262_144 + 2064) * 32);
  }

  @Test
  void theOtherForms_takeHalfOrLess() {
    assertThat(EntryForm.BIO_VEC.chunks(GIB_OF_PAGES)).isEqualTo(1024);
    assertThat(EntryForm.BIO_VEC.bytes(GIB_OF_PAGES)).isEqualTo(4 << 20);
    assertThat(EntryForm.DMA_VEC.bytes(GIB_OF_PAGES)).isEqualTo(4 << 20);
    assertThat(EntryForm.LINEAR.bytes(GIB_OF_PAGES)).isEqualTo(2 << 20);
    assertThat(EntryForm.DMA_SG.bytes(16_384)).isEqualTo((16_384 + 64) * 16);
  }

  @Test
  void aFullChunk_needsNoLink() {
    assertThat(EntryForm.SCATTERLIST.chunks(128)).isEqualTo(1);
    assertThat(EntryForm.SCATTERLIST.chunks(129)).isEqualTo(2);
    assertThat(EntryForm.SCATTERLIST.chunks(255)).isEqualTo(2);
    assertThat(EntryForm.SCATTERLIST.chunks(256)).isEqualTo(3);
  }

  @Test
  void aRangeOf4GibAndMore_isSplitWhereLengthsHave32Bits() {
    assertThat(EntryForm.DMA_SG.entriesFor(1L << 33)).isEqualTo(3);
    assertThat(EntryForm.DMA_SG64.entriesFor(1L << 33)).isEqualTo(1);
    assertThat(EntryForm.LINEAR.entriesFor(1 << 20)).isEqualTo(256);
  }
}
