package io.dmascope.model.predict;

/** What became of the prediction of one map. */
sealed interface Judgement {
  Judgement EXACT = new Exact();

  /** Everything that is recorded is as predicted. */
  record Exact() implements Judgement {}

  Judgement EXACT_PREFIX = new ExactPrefix();

  /** So is all that the kernel traced of a list that it truncated. */
  record ExactPrefix() implements Judgement {}

  /** Something is not; the model's value comes first. */
  record Different(String what) implements Judgement {}

  /** There was nothing to predict from. */
  record Unpredicted(Reason reason) implements Judgement {}

  static Judgement different(String what, long model, long recorded) {
    return new Different("%s: model 0x%x, recorded 0x%x".formatted(what, model, recorded));
  }
}
