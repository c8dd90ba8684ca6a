package io.dmascope.it;

import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.nio.file.Path;

/** A replay engine in a process of its own, to be killed. */
final class EngineProcess {
  private EngineProcess() {}

  public static void main(String[] args) throws Exception {
    Road road = new Road(args[0], new Topics(args[1]));
    try (ReplayEngine engine = ReplayEngine.start(road.engine(Path.of(args[2])))) {
      engine.awaitStop();
    }
  }
}
