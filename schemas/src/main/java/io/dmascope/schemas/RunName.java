package io.dmascope.schemas;

/**
 * Names the run that reached a conclusion: {@link #LIVE}, which follows the events for ever, or one
 * of the replays.
 *
 * @param name 1 to 60 letters, digits, underscores, hyphens; no dot, which parts the names of
 *     topics
 */
public record RunName(String name) {
  public static final RunName LIVE = new RunName("live");

  /** Header of every record that a run writes: its name, as UTF-8 text. */
  public static final String HEADER = "dmascope.run";

  public RunName {
    if (!name.matches("[a-zA-Z0-9_-]{1,60}")) {
      throw new IllegalArgumentException(
          "a run's name has 1 to 60 letters, digits, underscores, hyphens [name=%s]"
              .formatted(name));
    }
  }

  public boolean isLive() {
    return equals(LIVE);
  }

  @Override
  public String toString() {
    return name;
  }
}
