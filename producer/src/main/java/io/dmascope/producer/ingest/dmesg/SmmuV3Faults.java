package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.dmesg.FaultLine.Meaning;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arm SMMUv3 ({@code drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c arm_smmu_dump_event()}): raw words
 * of an event, and since 6.15 what they mean. Several SMMUs may print at once, each line of its
 * own.
 *
 * <pre>
 * arm-smmu-v3 arm-smmu-v3.0.auto: event 0x10 received:
 * arm-smmu-v3 arm-smmu-v3.0.auto:         0x0000010000000010              four of them
 * arm-smmu-v3 arm-smmu-v3.0.auto: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 iova: 0xfff00000 ipa: 0x0
 * arm-smmu-v3 arm-smmu-v3.0.auto: unpriv data write s1 "Input address caused fault" stag: 0x0
 * arm-smmu-v3 arm-smmu-v3.0.auto: event: C_BAD_CD client: 0000:01:00.0 sid: 0x100 ssid: 0x0 fetch_addr: 0x…
 * </pre>
 */
final class SmmuV3Faults extends FaultSource {
  private static final Pattern SMMU = Pattern.compile("arm-smmu-v3 (\\S+): (.*)");
  private static final Pattern HEAD = Pattern.compile("event 0x([0-9a-f]{2}) received:");
  private static final Pattern WORD = Pattern.compile("\\s*0x([0-9a-f]{16})");
  private static final Pattern DECODED =
      Pattern.compile(
          "event: ([A-Z]_[A-Z_]+) client: (.+?) sid: \\S+ ssid: (?:0x)?([0-9a-f]{1,8})"
              + "(?: iova: (?:0x)?([0-9a-f]{1,16}) ipa: .*|.*)");
  private static final Pattern ACCESS =
      Pattern.compile("(?:un)?priv (?:data|inst) (read|write) s[12] \"([^\"]*)\".*");

  /** What an SMMU has told so far of an event. */
  private static final class Open {
    private RawEvent raw;
    private FaultLine decoded;

    Optional<FaultLine> fault() {
      return decoded != null ? Optional.of(decoded) : raw == null ? Optional.empty() : raw.fault();
    }
  }

  private final Map<String, Open> bySmmu = new HashMap<>();

  @Override
  boolean accept(KernelLogLine line, Consumer<FaultLine> out) {
    Matcher smmu = SMMU.matcher(line.text());
    if (!smmu.find()) {
      return false;
    }
    String text = smmu.group(2);
    Open open = bySmmu.computeIfAbsent(smmu.group(1), _ -> new Open());
    Matcher head = HEAD.matcher(text);
    Matcher word = WORD.matcher(text);
    Matcher decoded = DECODED.matcher(text);
    Matcher access = ACCESS.matcher(text);
    if (head.matches()) {
      end(smmu.group(1), out);
      Open next = new Open();
      next.raw = new RawEvent(line, Integer.parseInt(head.group(1), 16));
      bySmmu.put(smmu.group(1), next);
    } else if (word.matches() && open.raw != null) {
      open.raw.add(address(word.group(1)));
    } else if (decoded.matches()) {
      if (open.decoded != null) {
        end(smmu.group(1), out);
        open = bySmmu.computeIfAbsent(smmu.group(1), _ -> new Open());
      }
      open.decoded = decoded(line, decoded);
    } else if (access.matches() && open.decoded != null) {
      open.decoded =
          open.decoded
              .withAccess(access.group(1).equals("write"))
              .because(open.decoded.reason() + ": " + access.group(2));
      end(smmu.group(1), out);
    } else {
      return text.startsWith("event") && !text.contains("iova");
    }
    return true;
  }

  @Override
  void finish(Consumer<FaultLine> out) {
    bySmmu.values().forEach(open -> open.fault().ifPresent(out));
    bySmmu.clear();
  }

  private void end(String smmu, Consumer<FaultLine> out) {
    Open open = bySmmu.remove(smmu);
    if (open != null) {
      open.fault().ifPresent(out);
    }
  }

  private static FaultLine decoded(KernelLogLine line, Matcher decoded) {
    String client = decoded.group(2).startsWith("(") ? "" : decoded.group(2);
    boolean page = decoded.group(4) != null;
    FaultLine fault =
        FaultLine.of(line, page ? address(decoded.group(4)) : 0, decoded.group(1)).from(client, "");
    return fault.meaning(
        address(decoded.group(3)) != 0
            ? Meaning.USER_MEMORY
            : page ? Meaning.PAGE : Meaning.NO_LOOKUP);
  }

  /** The raw words of one event record, while they are read. */
  private static final class RawEvent {
    /* Words of an event (arm-smmu-v3.h, EVTQ_*): word 0 has the event's id in its low byte, "substream
     * valid" in bit 11; word 1 has "read, not write" in bit 35; word 2 is the input address. The
     * stream id in the upper half of word 0 is no device name, so the fault names none. */
    private static final int FIRST_PAGE_FAULT = 0x10; // F_TRANSLATION
    private static final int LAST_PAGE_FAULT = 0x13; // F_PERMISSION
    private static final long SUBSTREAM_VALID = 1L << 11;
    private static final long READ_NOT_WRITE = 1L << 35;

    private final KernelLogLine line;
    private final int id;
    private final long[] words = new long[4];
    private int size;

    RawEvent(KernelLogLine line, int id) {
      this.line = line;
      this.id = id;
    }

    void add(long word) {
      if (size < words.length) {
        words[size++] = word;
      }
    }

    Optional<FaultLine> fault() {
      if (size < 3) {
        return Optional.empty();
      }
      FaultLine fault =
          FaultLine.of(line, words[2], "event 0x%02x".formatted(id))
              .withAccess((words[1] & READ_NOT_WRITE) == 0);
      if ((words[0] & SUBSTREAM_VALID) != 0) {
        return Optional.of(fault.meaning(Meaning.USER_MEMORY));
      }
      return Optional.of(
          id < FIRST_PAGE_FAULT || id > LAST_PAGE_FAULT ? fault.meaning(Meaning.NO_LOOKUP) : fault);
    }
  }
}
