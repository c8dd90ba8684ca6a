package io.dmascope.cli;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value that is one of a list, by a name that is not Java's. */
abstract class NamedChoice<T> implements ITypeConverter<T>, Iterable<String> {
  private final String what;
  private final List<T> choices;
  private final Function<T, String> name;

  NamedChoice(String what, List<T> choices, Function<T, String> name) {
    this.what = what;
    this.choices = choices;
    this.name = name;
  }

  @Override
  public T convert(String value) {
    return choices.stream()
        .filter(choice -> name.apply(choice).equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no %s; there are %s"
                        .formatted(
                            value,
                            what,
                            choices.stream().map(name).collect(Collectors.joining(", ")))));
  }

  @Override
  public Iterator<String> iterator() {
    return choices.stream().map(name).iterator();
  }
}
