package io.dmascope.producer.ingest.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineBlocksTest {
  private static List<String> lines(LineBlocks blocks) throws IOException {
    List<String> lines = new ArrayList<>();
    while (blocks.next()) {
      String block =
          new String(
              blocks.bytes(),
              blocks.from(),
              blocks.to() - blocks.from(),
              StandardCharsets.US_ASCII);
      assertThat(block).endsWith("\n");
      block.lines().forEach(lines::add);
    }
    return lines;
  }

  /** Gives at most so many bytes at a time, as a pipe does. */
  private static InputStream slow(byte[] bytes, int atOnce) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, atOnce));
      }
    };
  }

  @Property(tries = 200)
  void linesAreWhole_howeverTheyCome(
      @ForAll @Size(max = 30) List<@IntRange(max = 5000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 4000) int atOnce,
      @ForAll @IntRange(max = 3000) int headBytes)
      throws IOException {
    List<String> expected = lengths.stream().map("x"::repeat).toList();
    byte[] all =
        String.join("", expected.stream().map(line -> line + "\n").toList())
            .getBytes(StandardCharsets.US_ASCII);
    int head = Math.min(headBytes, all.length);
    byte[] first = Arrays.copyOf(all, head);
    byte[] rest = Arrays.copyOfRange(all, head, all.length);

    assertThat(lines(new LineBlocks(first, slow(rest, atOnce)))).isEqualTo(expected);
  }

  @Test
  void aLastLineWithoutItsEnd_isMarked() throws IOException {
    LineBlocks blocks =
        new LineBlocks(new byte[0], slow("a\nb".getBytes(StandardCharsets.US_ASCII), 9));

    assertThat(lines(blocks)).containsExactly("a", "b");
    assertThat(blocks.endsCut()).isTrue();
  }

  @Test
  void anEndlessLine_isCutInBoundedMemory() throws IOException {
    int length = 40 * LineBlocks.LINE_BYTES_MAX;
    InputStream endless =
        new InputStream() {
          private int given;

          @Override
          public int read() {
            int index = given++ - length;
            return index < 0 ? 'y' : index < 5 ? "\nab\nc".charAt(index) : -1;
          }

          @Override
          public int read(byte[] into, int offset, int wanted) {
            int filler = Math.min(wanted, length - given);
            if (filler > 0) {
              Arrays.fill(into, offset, offset + filler, (byte) 'y');
              given += filler;
              return filler;
            }
            int next = read();
            into[offset] = (byte) next;
            return next < 0 ? -1 : 1;
          }
        };
    LineBlocks blocks = new LineBlocks(new byte[0], endless);

    assertThat(blocks.next()).isTrue();
    assertThat(blocks.overlong()).isTrue();
    assertThat(blocks.to() - blocks.from()).isEqualTo(LineBlocks.LINE_BYTES_MAX + 1);
    assertThat(blocks.bytes().length).isLessThan(4 * LineBlocks.LINE_BYTES_MAX);
    assertThat(lines(blocks)).containsExactly("ab", "c");
    assertThat(blocks.overlong()).isFalse();
  }
}
