package io.dmascope.producer.ingest.dmesg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the kernel log. Whatever stands before the message is optional and gives the time at
 * most: logs come from {@code dmesg} in all its forms, journals, syslog, serial consoles, Android,
 * and pasted into mails.
 *
 * @param place 1-based line of the file it was read from
 * @param stampNs nanoseconds of the log's clock ({@code local_clock()}, microseconds are printed);
 *     nothing where the line carries wall time or none, which cannot be joined with a trace
 * @param text what was printed, perhaps behind what is no known prefix
 */
record KernelLogLine(long place, OptionalLong stampNs, String text) {
  // 4,1234,23170799,-;DMAR: DRHD: handling fault status reg 2            /dev/kmsg
  private static final Pattern KMSG = Pattern.compile("\\d+,\\d+,(\\d{1,15}),[^;]*;(.*)");

  // [   23.170799] DMAR: …                                                dmesg
  // <4>[   23.170799][ T1234] DMAR: …                                     dmesg -r, PRINTK_CALLER
  // kern  :err   : [   23.170799] DMAR: …                                 dmesg -x
  // [   23.170799 <    0.000012>] DMAR: …                                 dmesg -d
  // [14768.593293] myhost kernel: amdgpu 0000:04:00.0: …                  journalctl
  // short-monotonic
  // Nov 23 03:18:58 myhost kernel: [   23.170799] DMAR: …                 kern.log
  // 11-23 03:18:58.123     0     0 E         : [   23.170799] …           logcat -b kernel
  private static final Pattern MONOTONIC =
      Pattern.compile(
          ".{0,160}?\\[ *(\\d{1,9})\\.(\\d{6})(?: *<[^>\\]]*>)?\\]"
              + "(?: ?\\[ *[TC]\\d+\\])? ?(?:\\S+ kernel: )?(.*)");

  // [Mon Nov 23 03:18:58 2026] DMAR: …                                    dmesg -T
  // Nov 23 03:18:58 myhost kernel: DMAR: …                                syslog, journalctl
  // 2026-11-23T03:18:58,123456+00:00 DMAR: …                              dmesg --time-format=iso
  // [Nov23 03:18] DMAR: …  and then  [  +0.000012] DMAR: …                dmesg -e, -H
  private static final Pattern WALL_TIME =
      Pattern.compile(
          "(?:\\w+ *:\\w+ *: )?"
              + "(?:\\[\\w{3} \\w{3} [ \\d]\\d [\\d:]{8} \\d{4}\\] "
              + "|\\[\\w{3} ?\\d{1,2} \\d\\d:\\d\\d\\] "
              + "|\\[ *\\+\\d+\\.\\d{6}\\] "
              + "|.{0,120}?\\bkernel: "
              + "|\\d{4}-\\d\\d-\\d\\dT[\\d:,.+-]+Z? )(.*)");

  // A terminal's colours, which dmesg --color=always and some consoles put around the parts.
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  // > > [   23.170799] DMAR: …                                            quoted in a mail
  private static final Pattern QUOTE = Pattern.compile("^(?:[ \\t]*[>|])+[ \\t]?");

  private static final JsonMapper JSON = new JsonMapper();

  static KernelLogLine parse(long place, String raw) {
    String line = plain(raw);
    if (line.startsWith("{")) {
      return ofJournal(place, line);
    }
    Matcher kmsg = KMSG.matcher(line);
    if (kmsg.matches()) {
      return at(place, Long.parseLong(kmsg.group(1)), kmsg.group(2));
    }
    Matcher monotonic = MONOTONIC.matcher(line);
    if (monotonic.matches()) {
      long us = Long.parseLong(monotonic.group(1)) * 1_000_000 + Long.parseLong(monotonic.group(2));
      return at(place, us, monotonic.group(3));
    }
    Matcher wallTime = WALL_TIME.matcher(line);
    return new KernelLogLine(
        place, OptionalLong.empty(), unescape(wallTime.matches() ? wallTime.group(1) : line));
  }

  /** The same line with more of its text, where a mail program or a console broke it. */
  KernelLogLine continued(KernelLogLine next) {
    return new KernelLogLine(place, stampNs, text + " " + next.text.strip());
  }

  private static KernelLogLine at(long place, long us, String text) {
    return new KernelLogLine(place, OptionalLong.of(us * 1_000), unescape(text));
  }

  private static String plain(String raw) {
    String line = raw.indexOf('\u001b') < 0 ? raw : COLOUR.matcher(raw).replaceAll("");
    line = line.replace("\r", "");
    return QUOTE.matcher(line).replaceFirst("");
  }

  // {"__MONOTONIC_TIMESTAMP":"23170799","MESSAGE":"DMAR: …",…}            journalctl -o json
  private static KernelLogLine ofJournal(long place, String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      JsonNode message = entry.path("MESSAGE");
      // The kernel's own stamp is nearer to the event than the journal's.
      String us =
          entry
              .path("_SOURCE_MONOTONIC_TIMESTAMP")
              .asText(entry.path("__MONOTONIC_TIMESTAMP").asText(""));
      String text = message.isArray() ? bytes(message) : message.asText("");
      return us.matches("\\d{1,15}")
          ? at(place, Long.parseLong(us), text)
          : new KernelLogLine(place, OptionalLong.empty(), unescape(text));
    } catch (JsonProcessingException e) {
      // No journal after all, or cut: what stands in it may still be recognised.
      return new KernelLogLine(place, OptionalLong.empty(), unescape(line));
    }
  }

  /** The journal gives a message that is no UTF-8 as an array of bytes. */
  private static String bytes(JsonNode array) {
    byte[] bytes = new byte[array.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) array.get(i).asInt();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Both {@code /dev/kmsg} and {@code dmesg} print a tab as {@code \x09}. */
  private static String unescape(String text) {
    return text.replace("\\x09", "\t").stripTrailing();
  }
}
