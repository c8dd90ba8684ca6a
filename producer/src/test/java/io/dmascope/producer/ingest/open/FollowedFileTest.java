package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
  @TempDir private Path directory;
  private final List<String> notes = new ArrayList<>();

  /** Something that happens to the file while the reader waits. */
  @FunctionalInterface
  interface Change {
    void apply() throws IOException;
  }

  @Test
  void whatIsAppended_isReadAlsoInPieces() throws IOException {
    Path file = write("trace.txt", map(1));
    String second = map(2);
    Recording read =
        follow(
            file,
            () -> append(file, second.substring(0, 40)),
            () -> {},
            () -> append(file, second.substring(40) + map(3)));

    assertThat(addresses(read)).containsExactly(1L, 2L, 3L);
    assertThat(read.issues).isEmpty();
    assertThat(notes).isEmpty();
  }

  @Test
  void replacedFile_isReadToItsEndThenTheNewOne() throws IOException {
    Path file = write("trace.txt", map(1));
    Path renamed = directory.resolve("trace.txt.1");
    Recording read =
        follow(
            file,
            () -> Files.move(file, renamed),
            () -> append(renamed, map(2)),
            () -> write("trace.txt", map(3)),
            () -> append(file, map(4)));

    assertThat(addresses(read)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(read.issues).isEmpty();
    assertThat(notes).containsExactly(file + " was replaced: reading the new one");
  }

  @Test
  void truncatedFile_leavesAGap() throws IOException {
    Path file = write("trace.txt", map(1) + map(2));
    Recording read = follow(file, () -> {}, () -> write("trace.txt", map(3)));

    assertThat(addresses(read)).containsExactly(1L, 2L, 3L);
    assertThat(read.issues)
        .singleElement()
        .extracting(TraceIssue::excerpt)
        .isEqualTo("[trace.txt was truncated: dma_* events may be missing here]");
    assertThat(read.events()).hasAtLeastOneElementOfType(EventsLost.class);
  }

  @Test
  void missingFile_isASentence() {
    Path file = directory.resolve("nothing");
    assertThatThrownBy(() -> FollowedFile.open(file, () -> true, notes::add))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(file + " does not exist");
  }

  private Recording follow(Path file, Change... changes) throws IOException {
    Deque<Change> left = new ArrayDeque<>(Arrays.asList(changes));
    Recording recording = new Recording();
    try (Capture capture =
        Captures.ofStream(
            file.toString(),
            FollowedFile.open(file, () -> endsAfter(left), notes::add),
            ReadOptions.DEFAULT)) {
      capture.read(recording);
    }
    return recording;
  }

  private static boolean endsAfter(Deque<Change> changes) {
    if (changes.isEmpty()) {
      return true;
    }
    try {
      changes.removeFirst().apply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return false;
  }

  private static List<Long> addresses(Recording read) {
    return read.events().stream()
        .filter(DmaMap.class::isInstance)
        .map(event -> ((DmaMap) event).dmaAddr())
        .toList();
  }

  private static String map(int addr) {
    return "            nvme-211     [003] .....    11.000000: dma_map_page: 0000:03:00.0"
        + " dir=TO_DEVICE dma_addr=%x size=4096 phys_addr=12a6c2000 attrs=\n".formatted(addr);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }
}
