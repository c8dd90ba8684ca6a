package io.dmascope.producer.ingest.dmesg;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises the kernel's own verdicts. A message of dma-debug is raised as a warning, so its
 * sentence comes first and the warning's site in one of the next lines; a verdict is returned when
 * it is known to be complete.
 */
final class VerdictParser {
  // DMA-API: dmamisuse 0000:00:0c.0: device driver frees DMA memory with different size [device …
  private static final Pattern MESSAGE =
      Pattern.compile("DMA-API: (\\S+) (\\S+): ([^\\[]+?) ?((?:\\[.*)?)");
  // … while released from device [count=11]
  // One of leaked entries details: [device address=0x00000000ffffa000] [size=8192 bytes] …
  private static final Pattern CONTINUATION =
      Pattern.compile("One of leaked entries details: (\\[.*)");
  // WARNING: CPU: 2 PID: 73 at kernel/dma/debug.c:977 check_unmap+0x5d2/0x910
  // WARNING: kernel/dma/debug.c:977 at check_unmap+0x5d2/0x910, CPU#2: modprobe/73
  private static final Pattern WARNING =
      Pattern.compile("WARNING: (?:CPU: \\d+ PID: \\d+ at )?(\\S+\\.[ch]:\\d+) .*");
  private static final Pattern DETAIL = Pattern.compile("\\[([^=\\]]+)=([^\\]]*)\\]");

  // Where a plain warning is about DMA; others are none of our business.
  private static final Pattern OUR_SITES =
      Pattern.compile(
          "kernel/dma/.*|drivers/iommu/.*|include/linux/(?:dma-mapping|scatterlist|iommu)\\.h.*"
              + "|drivers/dma-buf/.*|lib/scatterlist\\.c.*|drivers/pci/p2pdma\\.c.*");

  private static final int LINES_TO_WARNING_MAX = 4;

  private KernelVerdict pending;
  private int linesSincePending;

  Optional<KernelVerdict> accept(KernelLogLine line) {
    Matcher message = MESSAGE.matcher(line.text());
    if (message.matches()) {
      Optional<KernelVerdict> ended = finish();
      open(line, message);
      return ended;
    }
    if (pending == null) {
      return plainWarning(line);
    }
    Matcher continuation = CONTINUATION.matcher(line.text());
    if (continuation.matches()) {
      pending = withDetails(pending, continuation.group(1));
      return Optional.empty();
    }
    Matcher warning = WARNING.matcher(line.text());
    if (warning.matches()) {
      KernelVerdict whole = withSite(pending, warning.group(1));
      pending = null;
      return Optional.of(whole);
    }
    return ++linesSincePending >= LINES_TO_WARNING_MAX ? finish() : Optional.empty();
  }

  Optional<KernelVerdict> finish() {
    Optional<KernelVerdict> ended = Optional.ofNullable(pending);
    pending = null;
    return ended;
  }

  private void open(KernelLogLine line, Matcher message) {
    String sentence = message.group(3).strip();
    pending =
        new KernelVerdict(
            line.place(),
            line.stampNs(),
            DmaDebugCheck.of(sentence),
            message.group(1),
            message.group(2),
            sentence,
            details(message.group(4)),
            "");
    linesSincePending = 0;
  }

  private static Optional<KernelVerdict> plainWarning(KernelLogLine line) {
    Matcher warning = WARNING.matcher(line.text());
    if (!warning.matches() || !OUR_SITES.matcher(warning.group(1)).matches()) {
      return Optional.empty();
    }
    OptionalLong stampNs = line.stampNs();
    return Optional.of(
        new KernelVerdict(
            line.place(), stampNs, Optional.empty(), "", "", "", Map.of(), warning.group(1)));
  }

  private static KernelVerdict withDetails(KernelVerdict verdict, String brackets) {
    Map<String, String> details = details(brackets);
    details.putAll(verdict.details());
    return new KernelVerdict(
        verdict.place(),
        verdict.stampNs(),
        verdict.check(),
        verdict.driver(),
        verdict.device(),
        verdict.sentence(),
        details,
        verdict.site());
  }

  private static KernelVerdict withSite(KernelVerdict verdict, String site) {
    return new KernelVerdict(
        verdict.place(),
        verdict.stampNs(),
        verdict.check(),
        verdict.driver(),
        verdict.device(),
        verdict.sentence(),
        verdict.details(),
        site);
  }

  private static Map<String, String> details(String brackets) {
    Map<String, String> details = new LinkedHashMap<>();
    Matcher detail = DETAIL.matcher(brackets);
    while (detail.find()) {
      details.putIfAbsent(detail.group(1), detail.group(2));
    }
    return details;
  }
}
