package io.dmascope.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes and masks: {@code 65536}, {@code 64K}, {@code 2M}, {@code 0xffffffff}. */
final class ByteSize implements ITypeConverter<Long> {
  private static final String UNITS = "KMGT";

  @Override
  public Long convert(String text) {
    String value = text.toUpperCase(Locale.ROOT);
    try {
      if (value.startsWith("0X")) {
        return Long.parseUnsignedLong(value, 2, value.length(), 16);
      }
      int unit = value.isEmpty() ? -1 : UNITS.indexOf(value.charAt(value.length() - 1));
      String digits = unit < 0 ? value : value.substring(0, value.length() - 1);
      return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is no size: 65536, 64K, 0xffffffff");
    }
  }
}
