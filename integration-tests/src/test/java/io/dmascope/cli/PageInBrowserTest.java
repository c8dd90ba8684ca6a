package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dmascope.analytics.AnalyticsServer;
import io.dmascope.analytics.AnalyticsState;
import io.dmascope.analytics.ReportPage;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.ingest.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser on the real page, over real recordings. */
class PageInBrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String BROKEN = "misuse-strict-6.12";
  private static final String HEALTHY = "healthy-direct-6.12";
  private static final Path DEMO = Path.of("..", "golden", "demo");

  private static final List<String> VIEWS =
      List.of(
          "fleet",
          "capture?capture=" + BROKEN,
          "capture?capture=" + BROKEN + "&tab=findings",
          "capture?capture=" + HEALTHY + "&tab=addresses",
          "capture?capture=" + HEALTHY + "&tab=cost",
          "capture?capture=" + BROKEN + "&tab=coverage",
          "capture?capture=" + BROKEN + "&tab=compare&with=" + HEALTHY,
          "rules",
          "rules?rule=DMA-MAP-003");

  private static final AnalyticsState STATE = new AnalyticsState();
  private static final ReportPage REPORT = new ReportPage(STATE);
  private static final AnalyticsServer SERVER = new AnalyticsServer(0, STATE);
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER),
        "needs Debian's chromium and chromium-driver");
    for (String capture : List.of(BROKEN, HEALTHY)) {
      String file = DEMO.resolve(capture).resolve("trace.txt.zst").toString();
      Terminal terminal =
          new Terminal(
              InputStream.nullInputStream(),
              OutputStream.nullOutputStream(),
              OutputStream.nullOutputStream(),
              false,
              false,
              Map.of());
      new PagedCapture(STATE, REPORT, false)
          .read(
              () -> new CompanionOptions().open(file, terminal, new ReadOptions(capture, false)),
              new IssueLog(terminal, file, Long.MAX_VALUE),
              new Progress(terminal, file, Progress.Unit.EVENTS, Progress.UNKNOWN));
    }
    SERVER.start();
    browser = newBrowser();
  }

  private static ChromeDriver newBrowser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build(),
        options);
  }

  @AfterAll
  static void stop() {
    SERVER.close();
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void forgetWhatWasLogged() {
    complaints();
    browser.manage().window().setSize(new Dimension(1400, 900));
  }

  @ParameterizedTest
  @ValueSource(ints = {1400, 900, 390})
  void everyView_atEachWidth_complainsOfNothing(int width) throws IOException {
    browser.manage().window().setSize(new Dimension(width, 900));
    for (String theme : List.of("light", "dark")) {
      for (String view : VIEWS) {
        open(view);
        browser.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);

        assertThat(barriers()).as("%s, %s, %d wide", view, theme, width).isEmpty();
        assertThat(overflow()).as("%s wider than %d", view, width).isLessThanOrEqualTo(1);
      }
    }
    assertThat(complaints()).isEmpty();
  }

  @Test
  void finding_isReadFromTheFleetToItsFixInFourActions() {
    open("fleet");
    find("a.verdict.error").click();
    find("nav.tabs a:nth-child(2)").click();
    find("ol.findings li:nth-child(2) a").click();
    WebElement whole = find("article.whole");

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                whole.getText().contains("How to fix it")
                    && whole.getText().contains("DEFINE_DMA_UNMAP_LEN"));
    assertThat(whole.getText()).contains("mapped here", "unmaps 4096 bytes of a mapping of 8192");
  }

  @Test
  void whatIsTyped_keepsFocusWhenTheServiceTellsNews() {
    open("fleet");
    WebElement filter = find("main input[type=search]");
    filter.sendKeys("misuse");
    news("focus");
    await()
        .atMost(PATIENCE)
        .until(() -> find("main h1").getText().startsWith("3 capt") || rows() > 0);

    assertThat(browser.switchTo().activeElement()).isEqualTo(filter);
    assertThat(filter.getDomProperty("value")).isEqualTo("misuse");
    assertThat(rows()).isEqualTo(1);
    assertThat(browser.getCurrentUrl()).endsWith("#/fleet?filter=misuse");
  }

  @Test
  void zoom_staysWhenTheServiceTellsNews_andGoesWithTheAddress() {
    open("capture?capture=" + HEALTHY);
    find("body").sendKeys("w");
    await().atMost(PATIENCE).until(() -> browser.getCurrentUrl().contains("from="));
    String zoomed = browser.getCurrentUrl();
    String range = find(".ruler-buttons .hint").getText();
    news("zoom");

    assertThat(browser.getCurrentUrl()).isEqualTo(zoomed);
    assertThat(find(".ruler-buttons .hint").getText()).isEqualTo(range);
    browser.navigate().to("about:blank");
    browser.navigate().to(zoomed);
    assertThat(find(".ruler-buttons .hint").getText()).isEqualTo(range);
  }

  @Test
  void newFinding_appearsByItself() {
    STATE.violation("live-rig", violation("first"));
    open("fleet");
    await().atMost(PATIENCE).until(() -> find("main").getText().contains("live-rig"));
    STATE.violation("later-rig", violation("second"));

    await().atMost(PATIENCE).until(() -> find("main").getText().contains("later-rig"));
  }

  @Test
  void backAndForward_goWhereTheReaderWas() {
    open("fleet");
    find("a.verdict.error").click();
    find("nav.tabs a:nth-child(2)").click();
    await().atMost(PATIENCE).until(() -> browser.getCurrentUrl().contains("tab=findings"));
    browser.navigate().back();
    await().atMost(PATIENCE).until(() -> !browser.getCurrentUrl().contains("tab="));
    find("section.lanes");
    browser.navigate().forward();

    find("ol.findings");
    assertThat(browser.getCurrentUrl()).contains("tab=findings");
  }

  @Test
  void hostileNames_areShownAsText() {
    String hostile = "<img src=x onerror=document.title='owned'>";
    STATE.violation(hostile, violation(hostile));
    open("capture?capture=" + URLEncoder.encode(hostile, StandardCharsets.UTF_8) + "&tab=findings");
    await().atMost(PATIENCE).until(() -> find("main").getText().contains("onerror="));

    assertThat(browser.findElements(By.cssSelector("main img"))).isEmpty();
    assertThat(browser.getTitle()).doesNotStartWith("owned");
  }

  @Test
  void report_showsTheSameFromOneFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("report.html");
    try (OutputStream out = Files.newOutputStream(file)) {
      REPORT.write(out, "the demo");
    }
    browser.navigate().to(file.toUri() + "#/capture?capture=" + BROKEN + "&tab=findings");
    find("ol.findings li:nth-child(2) a").click();
    await().atMost(PATIENCE).until(() -> find("article.whole").getText().contains("How to fix it"));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(find("pre.trace .here").getText())
                    .contains("dma_map_page: 0000:00:0c.0 dir=TO_DEVICE"));
    assertThat(complaints()).isEmpty();
  }

  private static void open(String view) {
    browser.navigate().to(SERVER.url() + "#/" + view);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !browser.findElements(By.cssSelector("main section, main nav.tabs")).isEmpty()
                    && browser.findElements(By.cssSelector("main > p.empty")).isEmpty());
  }

  private static WebElement find(String selector) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> browser.findElement(By.cssSelector(selector)).isDisplayed());
    return browser.findElement(By.cssSelector(selector));
  }

  private static int rows() {
    return browser.findElements(By.cssSelector("main section:first-of-type tbody tr")).size();
  }

  /** Something changes that the page is told of, and the page has asked for it. */
  private static void news(String name) {
    STATE.violation("news-" + name, violation(name));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                (Boolean)
                    browser.executeAsyncScript(
                        """
                        const done = arguments[1];
                        dmascope.source.get('captures', {}).then(
                            fleet => done(fleet.captures.some(row => row.capture === arguments[0])));
                        """,
                        "news-" + name));
  }

  private static Violation violation(String device) {
    return new Violation(
        "DMA-MAP-001",
        Severity.ERROR,
        Verdict.CERTAIN,
        device,
        0x1000,
        64,
        DmaDirection.TO_DEVICE,
        new EventRef(1, 1_000, 0, 1, "bash", 1),
        "unmaps what is already unmapped",
        List.of());
  }

  /** What axe finds against WCAG 2.1 A and AA, one line each. */
  private static List<?> barriers() throws IOException {
    if (browser.executeScript("return typeof axe") instanceof String type
        && type.equals("undefined")) {
      try (InputStream script = PageInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
        browser.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return (List<?>)
        browser.executeAsyncScript(
            """
            const done = arguments[0];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(
                result => done(result.violations.map(v => v.id + ': ' + v.nodes[0].html)));
            """);
  }

  /** Pixels by which the page is wider than the window: it would scroll sideways. */
  private static long overflow() {
    return (Long)
        browser.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  private static List<String> complaints() {
    return Stream.of(browser.manage().logs().get(LogType.BROWSER).getAll())
        .flatMap(List::stream)
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }
}
