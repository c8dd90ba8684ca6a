package io.dmascope.producer.ingest.dmesg;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the kernel log without its prefix.
 *
 * @param place 1-based line of the file it was read from
 * @param stampNs nanoseconds of the log's clock ({@code local_clock()}, microseconds are printed);
 *     nothing where the line carries wall time or none, which cannot be joined with a trace
 * @param text what was printed
 */
record KernelLogLine(long place, OptionalLong stampNs, String text) {
  // 4,1234,23170799,-;DMAR: DRHD: handling fault status reg 2            /dev/kmsg
  private static final Pattern KMSG = Pattern.compile("\\d+,\\d+,(\\d{1,15}),[^;]*;(.*)");

  // <4>[   23.170799] DMAR: …                                             dmesg, dmesg -r
  // [   23.170799][ T1234] DMAR: …                                        CONFIG_PRINTK_CALLER
  // [14768.593293] myhost kernel: amdgpu 0000:04:00.0: AMD-Vi: …          journalctl -o
  // short-monotonic
  // Nov 23 03:18:58 myhost kernel: [   23.170799] DMAR: …                 kern.log
  private static final Pattern MONOTONIC =
      Pattern.compile(
          "(?:.{0,80}? kernel: )?(?:<\\d+>)?\\[ *(\\d{1,9})\\.(\\d{6})\\](?: ?\\[ *[TC]\\d+\\])? ?(?:\\S+ kernel: )?(.*)");

  // [Mon Nov 23 03:18:58 2026] DMAR: …                                    dmesg -T
  // Nov 23 03:18:58 myhost kernel: DMAR: …                                syslog, journalctl
  // 2026-11-23T03:18:58,123456+00:00 DMAR: …                              dmesg --time-format=iso
  private static final Pattern WALL_TIME =
      Pattern.compile(
          "(?:\\[\\w{3} \\w{3} [ \\d]\\d [\\d:]{8} \\d{4}\\] "
              + "|.{0,80}? kernel: "
              + "|\\d{4}-\\d\\d-\\d\\dT[\\d:,.+-]+ )(.*)");

  static KernelLogLine parse(long place, String line) {
    Matcher kmsg = KMSG.matcher(line);
    if (kmsg.matches()) {
      long us = Long.parseLong(kmsg.group(1));
      return new KernelLogLine(place, OptionalLong.of(us * 1_000), unescape(kmsg.group(2)));
    }
    Matcher monotonic = MONOTONIC.matcher(line);
    if (monotonic.matches()) {
      long us = Long.parseLong(monotonic.group(1)) * 1_000_000 + Long.parseLong(monotonic.group(2));
      return new KernelLogLine(place, OptionalLong.of(us * 1_000), unescape(monotonic.group(3)));
    }
    Matcher wallTime = WALL_TIME.matcher(line);
    String text = wallTime.matches() ? wallTime.group(1) : line;
    return new KernelLogLine(place, OptionalLong.empty(), unescape(text));
  }

  /** Both {@code /dev/kmsg} and {@code dmesg} print a tab as {@code \x09}. */
  private static String unescape(String text) {
    return text.replace("\\x09", "\t").stripTrailing();
  }
}
