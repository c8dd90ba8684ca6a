package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StandardErrorTest {
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final StandardError err = new StandardError(screen);

  @Test
  void shorterLine_leavesNothingOfTheOneBefore() {
    err.draw("10 events");
    err.draw("done");

    assertThat(said()).isEqualTo("\r10 events\rdone     ");
  }

  @Test
  void whatIsWritten_wipesTheDrawnLineFirst() throws IOException {
    err.draw("1 s");
    write("trouble\n");
    write("more\n");

    assertThat(said()).isEqualTo("\r1 s\r   \rtrouble\nmore\n");
  }

  @Test
  void nothingDrawn_nothingWiped() throws IOException {
    write("trouble\n");

    assertThat(said()).isEqualTo("trouble\n");
  }

  private void write(String text) throws IOException {
    err.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String said() {
    return screen.toString(StandardCharsets.UTF_8);
  }
}
