package io.dmascope.model.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProbeShapeTest {
  private static final EventHeader HEADER = new EventHeader(1, 2, 3, 4, "fio", 5);

  @Test
  void everyKind_hasAShape() {
    assertThat(ProbeShape.all().stream().map(shape -> shape.event(HEADER, shape.absentValues())))
        .extracting(Object::getClass)
        .containsExactlyElementsOf(
            Stream.<Class<?>>of(ProbeEvent.class.getPermittedSubclasses()).toList());
  }

  @Test
  void shapes_standAtTheirIndex() {
    assertThat(ProbeShape.all())
        .allSatisfy(shape -> assertThat(ProbeShape.all().get(shape.index())).isSameAs(shape));
  }

  @Test
  void labels_ofAKindDiffer() {
    assertThat(ProbeShape.all())
        .allSatisfy(
            shape ->
                assertThat(new HashSet<>(shape.fields().stream().map(f -> f.label()).toList()))
                    .hasSameSizeAs(shape.fields()));
  }

  @Test
  void takenApart_andPutTogether_isTheSameEvent() {
    ProbeEvent event =
        new ProbeEvent.SgRead(HEADER, "0000:03:00.0", 0xffff_8880_1234_5678L, 3, 2, -1L, 0);
    ProbeShape shape = ProbeShape.of(event);

    assertThat(shape.event(HEADER, shape.values(event))).isEqualTo(event);
  }

  @Test
  void text_isLabelsAndValues() {
    assertThat(
            ProbeShape.text(
                new ProbeEvent.PageArray(
                    HEADER, "0000:03:00.0", 2, U64List.of(0x1000), U64List.of(8192))))
        .isEqualTo("device=0000:03:00.0 max_entries=2 dma_addrs={0x1000} lengths={0x2000}");
  }

  @Test
  void eventName_isTheRecordsName() {
    assertThat(ProbeShape.of(ProbeEvent.SgTable.class).eventName()).isEqualTo("dmascope_sg_table");
  }

  @Test
  void listsOfDifferentSizes_areNoEvent() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ProbeEvent.PageArray(
                    HEADER, "0000:03:00.0", 2, U64List.of(0x1000), U64List.EMPTY))
        .withMessageContaining("sizes=1,0");
  }

  @Test
  void aNumberOutsideItsConstants_isNoEvent() {
    ProbeShape shape = ProbeShape.of(ProbeEvent.BufferAccess.class);
    Object[] values = shape.absentValues();
    values[1] = 99L;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> shape.event(HEADER, values))
        .withMessageContaining("kind is out of range");
  }
}
