package io.dmascope.model.dma;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.random.RandomTrace;
import io.dmascope.model.scenario.Scenario;
import io.dmascope.model.scenario.Scenario.Collected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A model that was stored and brought back says what an uninterrupted one says, word for word. */
class RestartPropertyTest {
  private static final int STEPS = 400;

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void shouldSayTheSameAfterAnyNumberOfRestarts(@ForAll long seed) {
    shouldSayTheSame(seed);
  }

  private static void shouldSayTheSame(long seed) {
    List<TraceEvent> events = RandomTrace.of(seed, STEPS);
    assertSame(interrupted(events, new Random(~seed)), Scenario.apply(events));
  }

  /** One event showed that several scatterlists had ended: which of them ended last is a tie. */
  @Example
  void shouldBreakTiesTheSameWayAfterARestart() {
    shouldSayTheSame(4784575302652L);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void shouldIgnoreEventsThatComeAgain(@ForAll long seed) {
    List<TraceEvent> events = RandomTrace.of(seed, STEPS);
    DmaModel model = new DmaModel();
    Collected collected = new Collected();
    Random random = new Random(~seed);
    for (int i = 0; i < events.size(); i++) {
      model.apply(events.get(i), collected);
      model.apply(events.get(random.nextInt(i + 1)), collected);
    }
    assertSame(collected, Scenario.apply(events));
  }

  /**
   * Saves now and then. After some saves the model goes on for a while in vain and is thrown away,
   * and the events since the save are applied again to one that was restored.
   */
  private static Collected interrupted(List<TraceEvent> events, Random random) {
    Map<Piece, byte[]> store = new HashMap<>();
    Collected collected = new Collected();
    DmaModel model = new DmaModel();
    for (TraceEvent event : events) {
      model.apply(event, collected);
      if (random.nextInt(20) != 0) {
        continue;
      }
      model.saveChanges((table, page, image) -> put(store, new Piece(table, page), image));
      if (random.nextInt(3) == 0) {
        applyInVain(model, events, random);
        model = restored(store);
      }
    }
    return collected;
  }

  private static void applyInVain(DmaModel model, List<TraceEvent> events, Random random) {
    int from = (int) model.lastSequence() + 1;
    int to = Math.min(events.size(), from + random.nextInt(20));
    Collected nowhere = new Collected();
    events.subList(from, to).forEach(event -> model.apply(event, nowhere));
  }

  private static DmaModel restored(Map<Piece, byte[]> store) {
    DmaModel model = new DmaModel();
    store.forEach((piece, image) -> model.restore(piece.table, piece.page, image));
    model.restored();
    return model;
  }

  private static void put(Map<Piece, byte[]> store, Piece piece, byte[] image) {
    if (image == null) {
      assertThat(store.remove(piece)).as("only what is stored is taken back").isNotNull();
    } else {
      store.put(piece, image);
    }
  }

  private static void assertSame(Collected actual, Collected expected) {
    assertSame(actual.violations(), expected.violations());
    assertSame(actual.lifecycles(), expected.lifecycles());
    assertSame(actual.summaries(), expected.summaries());
    assertThat(actual.coverage()).isEqualTo(expected.coverage());
  }

  /** Names the first difference only: the lists are long. */
  private static <T> void assertSame(List<T> actual, List<T> expected) {
    for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
      assertThat(actual.get(i)).as("number %d", i).isEqualTo(expected.get(i));
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  private record Piece(int table, int page) {}
}
