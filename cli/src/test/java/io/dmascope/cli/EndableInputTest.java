package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

final class EndableInputTest {
  @Test
  void sourceThatFails_endsEarlyAndSaysWhy() throws Exception {
    EndableInput in =
        new EndableInput(
            new SequenceInputStream(new ByteArrayInputStream(new byte[] {1, 2}), new Broken()),
            () -> false);

    assertThat(in.readNBytes(2)).containsExactly(1, 2);
    assertThatThrownBy(in::read)
        .isInstanceOf(TruncatedSourceException.class)
        .hasMessage("standard input broke off: Connection reset");
  }

  @Test
  void silentSource_endsWhenItMust() throws Exception {
    PipedInputStream silent = new PipedInputStream(new PipedOutputStream());
    EndableInput in = new EndableInput(silent, () -> true);

    assertThat(in.read()).isEqualTo(-1);
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("Connection reset");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }
}
