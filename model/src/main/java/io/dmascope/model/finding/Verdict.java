package io.dmascope.model.finding;

import java.util.List;
import java.util.Optional;

/**
 * How sure a finding is: what it rests on, and what may explain it away.
 *
 * @param premises each once, in the order in which they were weighed
 * @param doubt about the first of them that may be false; empty where all hold
 */
public record Verdict(List<PremiseKind> premises, Optional<Doubt> doubt) {
  /** The event alone tells: nothing else has to hold. */
  public static final Verdict CERTAIN = new Verdict(List.of(), Optional.empty());

  public Verdict {
    premises = premises.stream().distinct().toList();
  }

  /** A doubt as another process told it; none where the sentence is empty. */
  public static Verdict told(List<PremiseKind> premises, DoubtKind kind, String sentence) {
    return new Verdict(
        premises,
        sentence.isEmpty() ? Optional.empty() : Optional.of(new Doubt.Told(kind, sentence)));
  }

  public static Verdict suspect(DoubtKind kind, String sentence) {
    return told(List.of(kind.refutes()), kind, sentence);
  }

  public Verdict doubted(Doubt by) {
    return new Verdict(premises, Optional.of(by));
  }

  public Confidence confidence() {
    return doubt.isEmpty() ? Confidence.CERTAIN : Confidence.SUSPECT;
  }

  /** True where it rests on what other events tell. */
  public boolean restsOnHistory() {
    return premises.stream().anyMatch(PremiseKind::isAboutHistory);
  }

  /** The clause for the reader; empty where it is certain. */
  public String because() {
    return doubt.map(Doubt::sentence).orElse("");
  }

  /** The kind of the doubt, if there is one. */
  public Optional<DoubtKind> doubtKind() {
    return doubt.map(Doubt::kind);
  }
}
