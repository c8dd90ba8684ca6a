package io.dmascope.producer.ingest.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.U64List;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueReaderTest {
  private final ValueReader values = new ValueReader();

  private static byte[] line(String text) {
    return Words.lineOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void anyHexadecimalNumber_isReadAsTheLibraryReadsIt(@ForAll long value) {
    String digits = Long.toHexString(value);

    assertThat(values.hex(line(digits + " "), 0)).isEqualTo(digits.length());
    assertThat(values.number()).isEqualTo(value);
    assertThat(values.hex(line("0x%016x".formatted(value)), 0)).isEqualTo(18);
    assertThat(values.number()).isEqualTo(value);
    assertThat(ValueReader.skipHex(line("0x" + digits + ","), 0)).isEqualTo(digits.length() + 2);
  }

  @Property
  void anyDecimalNumber_isReadAsTheLibraryReadsIt(@ForAll long value) {
    String digits = Long.toUnsignedString(value);

    assertThat(values.decimal(line(digits + "x"), 0)).isEqualTo(digits.length());
    assertThat(values.number()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " 1", "g", "0x", "FF", "11112222333344445"})
  void whatIsNoHexadecimalNumberOf64Bits_hasNoValue(String text) {
    assertThat(values.hex(line(text), 0)).isEqualTo(ValueReader.NO_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "a", "18446744073709551616", "99999999999999999999999"})
  void whatIsNoDecimalNumberOf64Bits_hasNoValue(String text) {
    assertThat(values.decimal(line(text), 0)).isEqualTo(ValueReader.NO_VALUE);
  }

  @Test
  void anInt_hasASignOrItsBits() {
    assertThat(values.int32(line("-19"), 0)).isEqualTo(3);
    assertThat(values.number()).isEqualTo(-19);
    assertThat(values.int32(line("0xffffffed"), 0)).isEqualTo(10);
    assertThat(values.number()).isEqualTo(-19);
    assertThat(values.int32(line("4294967296"), 0)).isEqualTo(ValueReader.NO_VALUE);
  }

  @Test
  void arrays_areReadPrintedAndDumped() {
    assertThat(values.printedArray(line("{}"), 0)).isEqualTo(2);
    assertThat(values.list()).isEqualTo(U64List.EMPTY);
    assertThat(values.printedArray(line("{0x1000,0xffffffffffffffff} x"), 0)).isEqualTo(27);
    assertThat(values.list()).isEqualTo(U64List.of(0x1000, -1));
    assertThat(values.dumpedArray(line("ARRAY[01, 02, 00, 80]"), 0, 4)).isEqualTo(21);
    assertThat(values.list()).isEqualTo(U64List.of(0x80000201L));
    assertThat(values.dumpedArray(line("01,02,00,80 "), 0, 4)).isEqualTo(11);
    assertThat(values.list()).isEqualTo(U64List.of(0x80000201L));
    assertThat(values.dumpedArray(line("ARRAY[]"), 0, 8)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{0x1", "{0x1,", "{0x1,}", "{0x1;0x2}", "{,}"})
  void aCutArray_hasNoValue(String text) {
    assertThat(values.printedArray(line(text), 0)).isEqualTo(ValueReader.NO_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ARRAY[", "ARRAY[01, 02", "ARRAY[01, 02]", "ARRAY[01, 02, 03, 04, 5]"})
  void aCutDump_hasNoValue(String text) {
    assertThat(values.dumpedArray(line(text), 0, 4)).isEqualTo(ValueReader.NO_VALUE);
  }
}
