package io.dmascope.producer.ingest.open;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Formats that people hand over for a trace and that are none of ours: a refusal names them, and
 * what makes a trace of them.
 */
enum ForeignFormat {
  PERF_DATA(
      "a perf.data", "`perf script -i FILE > trace.txt` makes text of it", "50455246494c4532"),
  PERF_DATA_SWAPPED(
      "a perf.data of the other byte order",
      "`perf script -i FILE > trace.txt` makes text of it",
      "32454c4946524550"),
  BZIP2("compressed with bzip2", "unpack it with `bunzip2` first", "425a68"),
  ZIP("a zip archive", "unpack it with `unzip` first", "504b0304", "504b0506"),
  SEVEN_ZIP("a 7z archive", "unpack it with `7z x` first", "377abcaf271c"),
  LZ4("compressed with lz4", "unpack it with `lz4 -d` first", "04224d18"),
  LZOP("compressed with lzop", "unpack it with `lzop -d` first", "894c5a4f"),
  LZMA("compressed with lzma", "unpack it with `unlzma` first", "5d00008000", "5d00000001"),
  PCAP(
      "a packet capture (pcap)",
      "record dma, iommu and swiotlb events with `trace-cmd record`",
      "d4c3b2a1",
      "a1b2c3d4",
      "4d3cb2a1",
      "a1b23c4d",
      "0a0d0d0a"),
  CTF(
      "a CTF trace (LTTng, perf data convert)",
      "`babeltrace2 DIRECTORY` shows it; record with `trace-cmd record` to check it",
      "c11ffcc1",
      "c1fc1fc1",
      "571dd175",
      "75d11d57",
      "2f2a2043544620"),
  ELF("a program or core file (ELF)", "give the recording, not the program", "7f454c46"),
  JOURNAL(
      "a journal file of systemd",
      "`journalctl -k -o short-monotonic --file FILE` makes text of it, for --dmesg",
      "4c504b5348485248"),
  SQLITE("an SQLite database", "give the recording that it was made of", "53514c69746520666f726d"),
  PDF("a PDF document", "give the recording as text", "25504446"),
  PNG("a picture", "give the recording as text", "89504e47", "ffd8ffe0", "ffd8ffe1"),
  PERFETTO(
      "a Perfetto trace", "`traceconv systrace FILE trace.txt` makes text of its ftrace events") {
    @Override
    boolean recognises(byte[] head) {
      return isProtobufTrace(head);
    }
  },
  CHROME_JSON("JSON", "give the recording itself: trace.dat or the text of trace") {
    @Override
    boolean recognises(byte[] head) {
      return startsWith(head, "\\s*(\\{\\s*[\"}]|\\[\\s*\\{).*");
    }
  },
  HTML("an HTML page", "download the recording itself, the raw file") {
    @Override
    boolean recognises(byte[] head) {
      return startsWith(head, "(?i)\\s*<(!doctype html|html|head|body)\\b.*");
    }
  },
  EVENT_FORMAT("a tracefs format file", "give what `trace` or trace-cmd recorded") {
    @Override
    boolean recognises(byte[] head) {
      return startsWith(head, "name: \\w+\\s+ID: \\d+\\s+format:.*");
    }
  },
  KERNEL_LOG("a kernel log", "give it with --dmesg, beside a recording") {
    @Override
    boolean recognises(byte[] head) {
      return startsWith(head, "(?:[^\\n]*\\n){0,20}?(?:<\\d+>)?\\[ *\\d+\\.\\d{6}\\]\\s.*")
          || startsWith(head, "(?:[^\\n]*\\n){0,20}?[A-Z][a-z]{2} +\\d+ [0-9:]{8} \\S+ kernel: .*");
    }
  };

  /** As much as signs in text are looked for. */
  private static final int TEXT_BYTES = 4096;

  private final String description;
  private final String advice;

  /** First bytes in hexadecimal, one blank between two ways to begin; empty for text. */
  private final String magics;

  ForeignFormat(String description, String advice, String... magics) {
    this.description = description;
    this.advice = advice;
    this.magics = String.join(" ", magics);
  }

  /** True where the input begins as files of this format do. */
  boolean recognises(byte[] head) {
    String hex = HexFormat.of().formatHex(head, 0, Math.min(head.length, 16));
    return isBinary() && Arrays.stream(magics.split(" ")).anyMatch(hex::startsWith);
  }

  private boolean isBinary() {
    return !magics.isEmpty();
  }

  /** The format, where its first bytes name it before any line of text is looked at. */
  static Optional<ForeignFormat> ofMagic(byte[] head) {
    return Arrays.stream(values())
        .filter(format -> format.isBinary() && format.recognises(head))
        .findFirst();
  }

  /** The format of an input in which no line of a trace was found. */
  static Optional<ForeignFormat> of(byte[] head) {
    return Arrays.stream(values()).filter(format -> format.recognises(head)).findFirst();
  }

  /** What the refusal says behind the name of the input. */
  String refusal() {
    return "is " + description + ", which dmascope does not read: " + advice;
  }

  private static boolean startsWith(byte[] head, String regex) {
    String text =
        new String(head, 0, Math.min(head.length, TEXT_BYTES), StandardCharsets.ISO_8859_1);
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
  }

  /** A trace is packets: tag 0x0a, a length, a packet that begins with a tag of a small field. */
  private static boolean isProtobufTrace(byte[] head) {
    int p = 0;
    int packets = 0;
    while (p + 3 < head.length && head[p] == 0x0a && packets < 3) {
      int length = 0;
      int shift = 0;
      do {
        p++;
        length |= (head[p] & 0x7f) << shift;
        shift += 7;
      } while (p + 1 < head.length && head[p] < 0 && shift < 28);
      if (length < 2) {
        return false;
      }
      p += 1 + length;
      packets++;
    }
    return packets > 0 && (packets == 3 || p >= head.length) && hasControls(head);
  }

  private static boolean hasControls(byte[] head) {
    int end = Math.min(head.length, TEXT_BYTES);
    for (int i = 0; i < end; i++) {
      if (head[i] == 0 || head[i] < 0) {
        return true;
      }
    }
    return false;
  }
}
