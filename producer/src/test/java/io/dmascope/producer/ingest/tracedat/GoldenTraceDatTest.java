package io.dmascope.producer.ingest.tracedat;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real recordings: the binary and the text of one ring buffer tell the same. */
class GoldenTraceDatTest {
  private static final Path GOLDEN = Path.of("../golden");

  // "        bash-73      [002] ...1.    11.732835: tracing_mark_write: start misuse"
  private static final Pattern TEXT_LINE =
      Pattern.compile("(.{16,}-\\d+ +\\[\\d{3}\\] )[^ ]{5} ( *\\d+\\.\\d+: (\\w+): .*)");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = "misuse-strict-612")
  void read_givesTheEventsOfTheTextInItsOrder(String golden) throws IOException {
    List<String> lines = RecordingSink.read(GOLDEN.resolve(golden, "trace.dat")).lines();
    assertThat(lines.stream().map(GoldenTraceDatTest::withoutPointers))
        .containsExactlyElementsOf(textLines(golden));
  }

  @Test
  void read_givesTheSameForBothVersions() throws IOException {
    RecordingSink version7 = RecordingSink.read(GOLDEN.resolve("misuse-strict-612/trace.dat"));
    RecordingSink version6 = RecordingSink.read(decompressed("misuse-strict-612/trace.v6.dat.zst"));
    assertThat(version6.lines()).isEqualTo(version7.lines());
    assertThat(version6.counts()).isEqualTo(version7.counts());
  }

  @Test
  void read_accountsForEveryRecord() throws IOException {
    RecordingSink sink = RecordingSink.read(GOLDEN.resolve("misuse-strict-612/trace.dat"));
    assertThat(sink.issues).isEmpty();
    assertThat(sink.counts()).isEqualTo(new InputCounts(1664, 1664, 1182, 482, 0, 0));
    assertThat(sink.all.stream().map(TraceEvent::header).mapToLong(EventHeader::sequence))
        .containsExactlyElementsOf(
            IntStream.range(0, sink.all.size()).mapToObj(i -> (long) i).toList());
  }

  @Test
  void read_findsTheDataOfACompressedFileThatLostItsEnd() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("misuse-strict-612/trace.dat"));
    Path file = directory.resolve("cut.dat");
    Files.write(file, Arrays.copyOf(whole, whole.length - 200));
    RecordingSink cut = RecordingSink.read(file);
    assertThat(cut.issues)
        .extracting(TraceIssue::kind)
        .containsOnly(TraceIssue.Kind.TRUNCATED_INPUT);
    assertThat(cut.lines().stream().filter(line -> !line.startsWith("CPU:")))
        .containsExactlyElementsOf(
            RecordingSink.read(GOLDEN.resolve("misuse-strict-612/trace.dat")).lines());
  }

  @Test
  void read_findsTheDataOfAPlainFileThatLostItsEnd() throws IOException {
    Path file = directory.resolve("plain.dat");
    SampleTraceDat.write(file, 7, ByteOrder.LITTLE_ENDIAN, 8, Compression.NONE);
    List<String> whole = RecordingSink.read(file).lines();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));

    RecordingSink cut = RecordingSink.read(file);

    assertThat(cut.issues)
        .extracting(TraceIssue::kind)
        .containsOnly(TraceIssue.Kind.TRUNCATED_INPUT);
    assertThat(cut.lines()).containsAll(whole);
  }

  @Test
  void read_takesFactsFromTheOptions() throws IOException {
    RecordingSink sink = RecordingSink.read(GOLDEN.resolve("misuse-strict-612/trace.dat"));
    assertThat(sink.start().facts().kernelRelease()).isEqualTo("6.12.107-dmadebug");
    assertThat(sink.start().facts().clock()).isEqualTo("local");
    assertThat(sink.start().facts().format()).isEqualTo("trace.dat");
  }

  private static List<String> textLines(String golden) throws IOException {
    try (InputStream text =
        new ZstdInputStream(Files.newInputStream(GOLDEN.resolve(golden, "trace.ftrace.txt.zst")))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(TEXT_LINE::matcher)
          .filter(Matcher::matches)
          .filter(line -> !line.group(3).matches("qi_submit|cache_tag_\\w+"))
          .map(line -> withoutPointers(line.group(1) + line.group(2)))
          .toList();
    }
  }

  /** Tracefs hashes pointers; their value cannot be compared. */
  private static String withoutPointers(String line) {
    return line.replaceAll("virt_addr=\\w+", "virt_addr=?");
  }

  private Path decompressed(String golden) throws IOException {
    Path plain = directory.resolve("plain.dat");
    try (InputStream from = new ZstdInputStream(Files.newInputStream(GOLDEN.resolve(golden)))) {
      Files.copy(from, plain);
    }
    return plain;
  }
}
