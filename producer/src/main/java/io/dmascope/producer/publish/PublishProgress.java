package io.dmascope.producer.publish;

/** Is told how far a publication has come, after each record, on the thread that publishes. */
@FunctionalInterface
public interface PublishProgress {
  PublishProgress NONE = counts -> {};

  void update(PublishCounts counts);
}
