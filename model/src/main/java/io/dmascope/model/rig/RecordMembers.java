package io.dmascope.model.rig;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A manifest as the flat sequence of its members: every record's components front to back, as they
 * are declared. It is the order in which Avro writes a record of the same shape, so that one walk
 * serves every binary form the manifest has.
 *
 * <p>Optional members are preceded by the number 0 or 1, enums are their ordinal, lists come in
 * counted blocks and end with an empty one.
 */
public final class RecordMembers {
  /** Takes the members in order. */
  public interface Sink {
    void number(long value);

    void flag(boolean value);

    void text(String value);
  }

  /**
   * Gives the members in order.
   *
   * @param <E> what damaged input ends in
   */
  public interface Source<E extends Exception> {
    long number() throws E;

    /** A number that fits 32 bits, or {@code E}. */
    int integer() throws E;

    /** A number from 0 to {@code size} - 1, or {@code E}. */
    int index(int size) throws E;

    /** How many elements the next block of a list has; 0 ends the list. */
    int block() throws E;

    boolean flag() throws E;

    String text() throws E;
  }

  private RecordMembers() {}

  /** Writes a manifest. */
  public static void write(RigManifest manifest, Sink out) {
    members(manifest, out);
  }

  /** Reads what {@link #write} wrote. */
  public static <E extends Exception> RigManifest read(Source<E> in) throws E {
    return record(RigManifest.class, in);
  }

  private static void members(Record record, Sink out) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      write(valueOf(component, record), out);
    }
  }

  private static void write(Object value, Sink out) {
    switch (value) {
      case Integer number -> out.number(number);
      case Long number -> out.number(number);
      case Boolean truth -> out.flag(truth);
      case String text -> out.text(text);
      case Enum<?> constant -> out.number(constant.ordinal());
      case OptionalInt number ->
          writeOptional(number.isPresent() ? (Integer) number.getAsInt() : null, out);
      case OptionalLong number ->
          writeOptional(number.isPresent() ? (Long) number.getAsLong() : null, out);
      case Optional<?> member -> writeOptional(member.orElse(null), out);
      case List<?> list -> writeList(list, out);
      case Record inner -> members(inner, out);
      default -> throw unknown(value.getClass());
    }
  }

  private static void writeOptional(Object value, Sink out) {
    out.number(value == null ? 0 : 1);
    if (value != null) {
      write(value, out);
    }
  }

  private static void writeList(List<?> list, Sink out) {
    if (!list.isEmpty()) {
      out.number(list.size());
      list.forEach(element -> write(element, out));
    }
    out.number(0);
  }

  private static <T, E extends Exception> T record(Class<T> type, Source<E> in) throws E {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = read(components[i].getGenericType(), in);
    }
    return create(type, components, values);
  }

  private static <E extends Exception> Object read(Type type, Source<E> in) throws E {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == List.class) {
        return readList(element, in);
      }
      return in.index(2) == 0 ? Optional.empty() : Optional.of(read(element, in));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == int.class) {
      return in.integer();
    }
    if (plain == long.class) {
      return in.number();
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return in.flag();
    }
    if (plain == String.class) {
      return in.text();
    }
    if (plain == OptionalInt.class) {
      return in.index(2) == 0 ? OptionalInt.empty() : OptionalInt.of(in.integer());
    }
    if (plain == OptionalLong.class) {
      return in.index(2) == 0 ? OptionalLong.empty() : OptionalLong.of(in.number());
    }
    if (plain.isEnum()) {
      Object[] constants = plain.getEnumConstants();
      return constants[in.index(constants.length)];
    }
    if (plain.isRecord()) {
      return record(plain, in);
    }
    throw unknown(plain);
  }

  private static <E extends Exception> List<Object> readList(Type element, Source<E> in) throws E {
    List<Object> list = new ArrayList<>();
    for (int block = in.block(); block > 0; block = in.block()) {
      for (int i = 0; i < block; i++) {
        list.add(read(element, in));
      }
    }
    return list;
  }

  private static Object valueOf(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the members of our own public records are readable
    }
  }

  private static <T> T create(Class<T> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("a record refuses its own members [type=" + type + "]", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // our own public records have public constructors
    }
  }

  private static IllegalStateException unknown(Class<?> type) {
    return new IllegalStateException(
        "a manifest has a member of an unknown type [type=" + type + "]");
  }
}
