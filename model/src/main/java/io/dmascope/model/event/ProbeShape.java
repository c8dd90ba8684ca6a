package io.dmascope.model.event;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one kind of probe event is named and what its fields are, read off its record: so that
 * codecs, readers and printers need not know the kinds.
 *
 * <pre>
 * record DriverBinding(header, String device, String driver, boolean bound)
 * dmascope_driver_binding: device=0000:03:00.0 driver=mlx5_core bound=1
 * </pre>
 *
 * <p>A value is a {@code String}, a {@code U64List} or a {@code Long}; constants and truths count
 * as numbers.
 */
public final class ProbeShape {
  /** Begins the name of every probe event in a trace. */
  public static final String PREFIX = "dmascope_";

  // In the order of the schema's enum; a new kind comes last.
  private static final List<ProbeShape> ALL =
      List.of(
          new ProbeShape(0, ProbeEvent.Probes.class),
          new ProbeShape(1, ProbeEvent.DriverBinding.class),
          new ProbeShape(2, ProbeEvent.MappingErrorCheck.class),
          new ProbeShape(3, ProbeEvent.VirtualMap.class),
          new ProbeShape(4, ProbeEvent.SgTable.class),
          new ProbeShape(5, ProbeEvent.SgRead.class),
          new ProbeShape(6, ProbeEvent.Bio.class),
          new ProbeShape(7, ProbeEvent.BlockRequest.class),
          new ProbeShape(8, ProbeEvent.AttachmentCall.class),
          new ProbeShape(9, ProbeEvent.BufferAccess.class),
          new ProbeShape(10, ProbeEvent.PeerMap.class),
          new ProbeShape(11, ProbeEvent.RdmaRegion.class),
          new ProbeShape(12, ProbeEvent.PageArray.class),
          new ProbeShape(13, ProbeEvent.NvmeCommand.class),
          new ProbeShape(14, ProbeEvent.IovaCall.class));

  private static final Map<Class<?>, ProbeShape> BY_TYPE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(shape -> shape.type, Function.identity()));

  private static final Map<String, ProbeShape> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(shape -> shape.name, Function.identity()));

  /** How a field's value is written. */
  public enum Form {
    TEXT,
    /** Any 64-bit number. */
    NUMBER,
    /** A C {@code int}. */
    INT,
    /** 0 or 1. */
    FLAG,
    /** One of the field's {@link Field#constants}, by name; as a number, its place among them. */
    CONSTANT,
    LIST
  }

  /** One field of a kind of event. */
  public static final class Field {
    private final String label;
    private final Form form;
    private final Object[] constants;
    private final Method accessor;

    private Field(RecordComponent component) {
      label = snakeCase(component.getName().replaceFirst("Bytes$", ""));
      accessor = component.getAccessor();
      Class<?> type = component.getType();
      constants = type.isEnum() ? type.getEnumConstants() : new Object[0];
      form = type.isEnum() ? Form.CONSTANT : formOf(type);
    }

    private static Form formOf(Class<?> type) {
      if (type == String.class) {
        return Form.TEXT;
      }
      if (type == U64List.class) {
        return Form.LIST;
      }
      if (type == long.class) {
        return Form.NUMBER;
      }
      if (type == int.class) {
        return Form.INT;
      }
      if (type == boolean.class) {
        return Form.FLAG;
      }
      throw new IllegalStateException("a probe event has a field of an unknown type: " + type);
    }

    /** The name before the equals sign. */
    public String label() {
      return label;
    }

    public Form form() {
      return form;
    }

    /** Names of the constants, in order; empty for other forms. */
    public List<String> constants() {
      return Arrays.stream(constants).map(Object::toString).toList();
    }

    private Object valueIn(ProbeEvent event) {
      try {
        Object value = accessor.invoke(event);
        return switch (form) {
          case TEXT, LIST, NUMBER -> value;
          case INT -> (long) (int) value;
          case FLAG -> (boolean) value ? 1L : 0L;
          case CONSTANT -> (long) ((Enum<?>) value).ordinal();
        };
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e); // the members of our own public records are readable
      }
    }

    private Object argument(Object value) {
      return switch (form) {
        case TEXT, LIST, NUMBER -> value;
        case INT -> inRange((long) value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case FLAG -> inRange((long) value, 0, 1) == 1;
        case CONSTANT -> constants[inRange((long) value, 0, constants.length - 1L)];
      };
    }

    private int inRange(long value, long min, long max) {
      if (value < min || value > max) {
        throw new IllegalArgumentException(label + " is out of range [value=" + value + "]");
      }
      return (int) value;
    }

    private Object absent() {
      return switch (form) {
        case TEXT -> "";
        case LIST -> U64List.EMPTY;
        case NUMBER, INT, FLAG, CONSTANT -> 0L;
      };
    }
  }

  private final int index;
  private final Class<? extends ProbeEvent> type;
  private final String name;
  private final List<Field> fields;
  private final Constructor<?> constructor;

  private ProbeShape(int index, Class<? extends ProbeEvent> type) {
    this.index = index;
    this.type = type;
    this.name = snakeCase(type.getSimpleName());
    RecordComponent[] components = type.getRecordComponents();
    this.fields = Arrays.stream(components).skip(1).map(Field::new).toList();
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e); // every record has its canonical constructor
    }
  }

  /** Every kind, in the order of {@link #index}. */
  public static List<ProbeShape> all() {
    return ALL;
  }

  public static ProbeShape of(ProbeEvent event) {
    return BY_TYPE.get(event.getClass());
  }

  public static ProbeShape of(Class<? extends ProbeEvent> type) {
    return BY_TYPE.get(type);
  }

  /** The kind with that {@link #name}. */
  public static Optional<ProbeShape> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The kind's number in records of the events topic. */
  public int index() {
    return index;
  }

  /** The name in a trace, without {@link #PREFIX}. */
  public String name() {
    return name;
  }

  /** The name in a trace. */
  public String eventName() {
    return PREFIX + name;
  }

  /** The fields in the order in which they are written. */
  public List<Field> fields() {
    return fields;
  }

  /** What {@link #event} would make when no field is given. */
  public Object[] absentValues() {
    return fields.stream().map(Field::absent).toArray();
  }

  /** Takes an event apart: a value a field. */
  public Object[] values(ProbeEvent event) {
    return fields.stream().map(field -> field.valueIn(event)).toArray();
  }

  /**
   * Makes an event.
   *
   * @throws IllegalArgumentException where the values contradict each other or a number is no value
   *     of its field; the message says which
   */
  public ProbeEvent event(EventHeader header, Object... values) {
    Object[] arguments = new Object[values.length + 1];
    arguments[0] = header;
    for (int i = 0; i < values.length; i++) {
      arguments[i + 1] = fields.get(i).argument(values[i]);
    }
    try {
      return type.cast(constructor.newInstance(arguments));
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the constructors of our own public records are callable
    }
  }

  /** Prints an event's fields as {@code label=value}, in order. */
  public static String text(ProbeEvent event) {
    ProbeShape shape = of(event);
    Object[] values = shape.values(event);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      Field field = shape.fields.get(i);
      text.append(i == 0 ? "" : " ").append(field.label).append('=').append(text(field, values[i]));
    }
    return text.toString();
  }

  private static String text(Field field, Object value) {
    return switch (field.form) {
      case TEXT, LIST -> value.toString();
      case NUMBER -> "0x" + Long.toHexString((long) value);
      case INT, FLAG -> Long.toString((long) value);
      case CONSTANT -> field.constants[(int) (long) value].toString();
    };
  }

  static void requireSameSize(U64List first, U64List... others) {
    for (U64List other : others) {
      if (other.size() != first.size()) {
        throw new IllegalArgumentException(
            "its lists differ in size [sizes=%d,%d]".formatted(first.size(), other.size()));
      }
    }
  }

  /** {@code SgTable} becomes {@code sg_table}. */
  private static String snakeCase(String name) {
    return name.replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
