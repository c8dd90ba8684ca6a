package io.dmascope.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code dmascope check FILE}, start of Java included, against the plainest tool that reads the
 * file: {@code wc -l} for text, {@code trace-cmd report} for a trace.dat. Both run in turn; what is
 * printed are the ratios of the medians, by wall clock and by processor time.
 *
 * <pre>
 *   CheckBench trace.txt trace.dat      run in the directory of the launcher
 * </pre>
 */
public final class CheckBench {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final byte[] TRACE_DAT = {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'};

  /** What the shell's {@code times} says of its children: {@code 0m1.230000s 0m0.070000s}. */
  private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");

  private CheckBench() {}

  private record Cost(double wallSeconds, double cpuSeconds) {}

  /** Prints two lines a file. */
  public static void main(String[] files) throws IOException, InterruptedException {
    if (files.length == 0) {
      throw new IllegalArgumentException("which recordings? plain text or trace.dat, large ones");
    }
    for (String file : files) {
      compare(file);
    }
  }

  private static void compare(String file) throws IOException, InterruptedException {
    List<String> reference =
        isTraceDat(Path.of(file))
            ? List.of("trace-cmd", "report", file)
            : List.of("wc", "-l", file);
    List<String> check = List.of("./dmascope", "check", "--format", "json", file);
    run(check); // builds what is stale, and the file is in memory then
    List<Cost> references = new ArrayList<>();
    List<Cost> checks = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      references.add(run(reference));
      checks.add(run(check));
    }
    Cost plain = median(references);
    Cost checked = median(checks);
    System.out.printf(
        Locale.ROOT,
        "%s (%d MB)%n  %-18s %7.2f s wall %7.2f s cpu%n  %-18s %7.2f s wall %7.2f s cpu%n"
            + "  check takes %.2f times as long by wall, %.2f times by cpu%n",
        file,
        Files.size(Path.of(file)) / 1_000_000,
        String.join(" ", reference.subList(0, 2)),
        plain.wallSeconds(),
        plain.cpuSeconds(),
        "dmascope check",
        checked.wallSeconds(),
        checked.cpuSeconds(),
        checked.wallSeconds() / plain.wallSeconds(),
        checked.cpuSeconds() / plain.cpuSeconds());
  }

  private static Cost run(List<String> command) throws IOException, InterruptedException {
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/null 2>&1; times", "sh"));
    shell.addAll(command);
    long startNs = System.nanoTime();
    Process process = new ProcessBuilder(shell).start();
    String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    process.waitFor();
    double wallSeconds = (System.nanoTime() - startNs) / 1e9;
    return new Cost(wallSeconds, childrenSeconds(times));
  }

  /** The first line of {@code times} is the shell's own, the second its children's. */
  private static double childrenSeconds(String times) {
    Matcher line = TIMES.matcher(times.lines().skip(1).findFirst().orElseThrow());
    if (!line.find()) {
      throw new IllegalStateException("the shell's times are not understood: " + times);
    }
    return 60 * (Double.parseDouble(line.group(1)) + Double.parseDouble(line.group(3)))
        + Double.parseDouble(line.group(2))
        + Double.parseDouble(line.group(4));
  }

  private static Cost median(List<Cost> costs) {
    int middle = costs.size() / 2;
    return new Cost(
        costs.stream()
            .mapToDouble(Cost::wallSeconds)
            .sorted()
            .skip(middle)
            .findFirst()
            .orElseThrow(),
        costs.stream()
            .mapToDouble(Cost::cpuSeconds)
            .sorted()
            .skip(middle)
            .findFirst()
            .orElseThrow());
  }

  private static boolean isTraceDat(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(TRACE_DAT.length), TRACE_DAT);
    }
  }
}
