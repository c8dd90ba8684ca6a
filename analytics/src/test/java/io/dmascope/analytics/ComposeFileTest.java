package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ComposeFileTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IMAGE = Pattern.compile("(?m)^ +(?:image|BASE_IMAGE): (\\S+)$");
  private static final Pattern MOUNTED = Pattern.compile("(?m)[\\[-] ?\"?(\\./[^:\"]+):");

  @Test
  void file_isValid() throws Exception {
    Programs.assumeInstalled("docker", "docker.io");
    boolean hasCompose = Programs.exitOf(ROOT, "docker", "compose", "version") == 0;
    String reason = "skipped, because docker has no compose plugin";
    if (!hasCompose) {
      System.out.println(reason);
    }
    assumeTrue(hasCompose, reason);

    Programs.assertContent(ROOT, "docker", "compose", "config", "--quiet");
  }

  @Test
  void everyImage_isPinned() throws IOException {
    List<String> images = found(IMAGE);

    assertThat(images).hasSize(5);
    assertThat(images).allMatch(image -> image.matches("(\\$\\{\\w+:-)?[\\w/.-]+:v?\\d[\\w.-]+}?"));
  }

  @Test
  void everyMountedFile_exists() throws IOException {
    List<String> mounted = found(MOUNTED);

    assertThat(mounted).hasSize(5);
    assertThat(mounted).allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
  }

  private static List<String> found(Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(ROOT.resolve("docker-compose.yml")))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }
}
