package io.dmascope.model.backend;

/** What a mapping call came to: a {@link Mapping}, or a refusal that left nothing behind. */
public sealed interface MapResult permits Mapping, MapResult.Failure {

  /** The call failed and everything it had done was undone. */
  record Failure(Errno errno) implements MapResult {}
}
