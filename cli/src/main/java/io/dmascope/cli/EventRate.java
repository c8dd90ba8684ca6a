package io.dmascope.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of events a second, also with k or M. */
final class EventRate implements ITypeConverter<Long> {
  private static final Pattern RATE = Pattern.compile("(\\d{1,12})([kKmM]?)");

  @Override
  public Long convert(String value) {
    Matcher rate = RATE.matcher(value);
    if (!rate.matches()) {
      throw new TypeConversionException(
          "'%s' is no rate; 500000, 500k and 2M are".formatted(value));
    }
    long unit =
        switch (rate.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 1_000;
          case "m" -> 1_000_000;
          default -> 1;
        };
    return Long.parseLong(rate.group(1)) * unit;
  }
}
