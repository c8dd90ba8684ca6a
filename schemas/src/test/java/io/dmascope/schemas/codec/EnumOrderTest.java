package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.schemas.avro.Direction;
import io.dmascope.schemas.avro.DmaBufKind;
import io.dmascope.schemas.avro.EventChunk;
import io.dmascope.schemas.avro.LossCause;
import io.dmascope.schemas.avro.ProbeKind;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The chunk codecs write enums by number, so both sides must count alike. */
final class EnumOrderTest {
  @Test
  void avroEnums_areInTheModelsOrder() {
    assertSame(DmaDirection.values(), Direction.values());
    assertSame(MapApi.values(), io.dmascope.schemas.avro.MapApi.values());
    assertSame(AllocApi.values(), io.dmascope.schemas.avro.AllocApi.values());
    assertSame(SyncTarget.values(), io.dmascope.schemas.avro.SyncTarget.values());
    assertSame(EventsLost.Cause.values(), LossCause.values());
    assertSame(DmaBufEvent.Kind.values(), DmaBufKind.values());
    assertSame(MappingKind.values(), io.dmascope.schemas.avro.MappingKind.values());
  }

  @Test
  void probeKinds_areInTheModelsOrder() {
    assertThat(Stream.of(ProbeKind.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)))
        .containsExactlyElementsOf(ProbeShape.all().stream().map(ProbeShape::name).toList());
  }

  @Test
  void eventKinds_areInTheUnionsOrder() {
    Schema union = EventChunk.getClassSchema().getField("events").schema().getElementType();

    assertThat(union.getTypes().stream().map(Schema::getName))
        .containsExactlyElementsOf(
            Stream.of(EventKind.values()).map(EnumOrderTest::camel).toList());
  }

  private static String camel(EventKind kind) {
    StringBuilder name = new StringBuilder();
    for (String word : kind.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static void assertSame(Enum<?>[] model, Enum<?>[] avro) {
    assertThat(Stream.of(avro).map(Enum::name))
        .containsExactlyElementsOf(Stream.of(model).map(Enum::name).toList());
  }
}
