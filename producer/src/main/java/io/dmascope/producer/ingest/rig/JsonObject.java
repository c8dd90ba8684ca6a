package io.dmascope.producer.ingest.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.dmascope.producer.ingest.UnusableInputException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One object of the manifest while it is read: it knows its JSON pointer, hands out typed members,
 * and remembers which members nobody asked for.
 *
 * <p>A missing member and a {@code null} are the same. A member of another type is an error that
 * names its pointer: a manifest that says {@code "64"} where a number belongs was written by
 * something that misunderstood the format, and guessing would turn into wrong findings.
 */
final class JsonObject {
  /** Turns one object into a value; may fail with the pointer of what is wrong. */
  @FunctionalInterface
  interface Binding<T> {
    T read(JsonObject object) throws UnusableInputException;
  }

  private static final long NS_PER_S = 1_000_000_000L;

  private final JsonNode node;
  private final String pointer;
  private final List<String> unknownKeys;
  private final Set<String> asked = new HashSet<>();

  JsonObject(JsonNode node, String pointer, List<String> unknownKeys)
      throws UnusableInputException {
    if (!node.isObject()) {
      throw mismatch(pointer, "an object", node);
    }
    this.node = node;
    this.pointer = pointer;
    this.unknownKeys = unknownKeys;
  }

  /** Reads this object, then notes the members that {@code binding} did not ask for. */
  <T> T bind(Binding<T> binding) throws UnusableInputException {
    T value = binding.read(this);
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!asked.contains(key)) {
        unknownKeys.add(pointerTo(key));
      }
    }
    return value;
  }

  /** Empty where missing. */
  String text(String key) throws UnusableInputException {
    JsonNode member = member(key);
    if (member == null) {
      return "";
    }
    if (!member.isTextual()) {
      throw mismatch(pointerTo(key), "a string", member);
    }
    return member.textValue();
  }

  String requiredText(String key) throws UnusableInputException {
    require(key);
    return text(key);
  }

  Optional<Boolean> flag(String key) throws UnusableInputException {
    JsonNode member = member(key);
    if (member == null) {
      return Optional.empty();
    }
    if (!member.isBoolean()) {
      throw mismatch(pointerTo(key), "true or false", member);
    }
    return Optional.of(member.booleanValue());
  }

  boolean requiredFlag(String key) throws UnusableInputException {
    require(key);
    return flag(key).orElseThrow();
  }

  /** A count or a size: an integer that is not negative. */
  OptionalLong count(String key) throws UnusableInputException {
    return integer(key, 0, Long.MAX_VALUE);
  }

  long requiredCount(String key) throws UnusableInputException {
    require(key);
    return count(key).orElseThrow();
  }

  OptionalInt number(String key, int min, int max) throws UnusableInputException {
    OptionalLong value = integer(key, min, max);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  int requiredNumber(String key, int min, int max) throws UnusableInputException {
    require(key);
    return number(key, min, max).orElseThrow();
  }

  /** A moment as ISO 8601 writes it, in nanoseconds since 1970. */
  long requiredMoment(String key) throws UnusableInputException {
    String text = requiredText(key);
    try {
      Instant moment = Instant.parse(text);
      return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), NS_PER_S), moment.getNano());
    } catch (DateTimeParseException | ArithmeticException e) {
      String expected = "a moment like 2026-12-01T08:30:00.123456789Z";
      throw mismatch(pointerTo(key), expected, node.get(key));
    }
  }

  /** An unsigned address or mask, {@code "0x…"}: JSON numbers lose bits beyond 2^53. */
  OptionalLong address(String key) throws UnusableInputException {
    JsonNode member = member(key);
    if (member == null) {
      return OptionalLong.empty();
    }
    if (!member.isTextual() || !isHex(member.textValue())) {
      throw mismatch(pointerTo(key), "a string of 0x and 1 to 16 hexadecimal digits", member);
    }
    return OptionalLong.of(Long.parseUnsignedLong(member.textValue().substring(2), 16));
  }

  long requiredAddress(String key) throws UnusableInputException {
    require(key);
    return address(key).orElseThrow();
  }

  /** An identifier of at most {@code bits} bits, written like an address. */
  OptionalInt identifier(String key, int bits) throws UnusableInputException {
    OptionalLong value = address(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.getAsLong() >>> bits != 0) {
      throw mismatch(pointerTo(key), "a number of " + bits + " bits", node.get(key));
    }
    return OptionalInt.of((int) value.getAsLong());
  }

  <E> Optional<E> named(String key, Map<String, E> names) throws UnusableInputException {
    String text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    E value = names.get(text);
    if (value == null) {
      String expected = "one of " + String.join(", ", names.keySet().stream().sorted().toList());
      throw mismatch(pointerTo(key), expected, node.get(key));
    }
    return Optional.of(value);
  }

  <T> Optional<T> object(String key, Binding<T> binding) throws UnusableInputException {
    JsonNode member = member(key);
    if (member == null) {
      return Optional.empty();
    }
    return Optional.of(new JsonObject(member, pointerTo(key), unknownKeys).bind(binding));
  }

  <T> List<T> objects(String key, Binding<T> binding) throws UnusableInputException {
    List<T> values = new ArrayList<>();
    JsonNode array = array(key);
    for (int i = 0; array != null && i < array.size(); i++) {
      String elementPointer = pointerTo(key) + "/" + i;
      values.add(new JsonObject(array.get(i), elementPointer, unknownKeys).bind(binding));
    }
    return values;
  }

  Optional<List<String>> texts(String key) throws UnusableInputException {
    JsonNode array = array(key);
    if (array == null) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (!array.get(i).isTextual()) {
        throw mismatch(pointerTo(key) + "/" + i, "a string", array.get(i));
      }
      values.add(array.get(i).textValue());
    }
    return Optional.of(values);
  }

  /** Fails unless {@code start <= last}, unsigned. */
  void requireOrder(String startKey, long startAddr, String lastKey, long lastAddr)
      throws UnusableInputException {
    if (Long.compareUnsigned(startAddr, lastAddr) > 0) {
      throw new UnusableInputException(
          "manifest: %s is below %s: 0x%x < 0x%x"
              .formatted(pointerTo(lastKey), startKey, lastAddr, startAddr));
    }
  }

  private OptionalLong integer(String key, long min, long max) throws UnusableInputException {
    JsonNode member = member(key);
    if (member == null) {
      return OptionalLong.empty();
    }
    boolean fits = member.isIntegralNumber() && member.canConvertToLong();
    if (!fits || member.longValue() < min || member.longValue() > max) {
      String range = max == Long.MAX_VALUE ? "from " + min : "from " + min + " to " + max;
      throw mismatch(pointerTo(key), "an integer " + range, member);
    }
    return OptionalLong.of(member.longValue());
  }

  private JsonNode array(String key) throws UnusableInputException {
    JsonNode member = member(key);
    if (member != null && !member.isArray()) {
      throw mismatch(pointerTo(key), "an array", member);
    }
    return member;
  }

  private JsonNode member(String key) {
    asked.add(key);
    JsonNode member = node.get(key);
    return member == null || member.isNull() ? null : member;
  }

  private void require(String key) throws UnusableInputException {
    if (member(key) == null) {
      throw new UnusableInputException("manifest: " + pointerTo(key) + " is missing");
    }
  }

  private String pointerTo(String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private static boolean isHex(String text) {
    if (!text.startsWith("0x") || text.length() < 3 || text.length() > 18) {
      return false;
    }
    return text.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }

  private static UnusableInputException mismatch(String pointer, String expected, JsonNode came) {
    String excerpt = came.toString();
    if (excerpt.length() > 60) {
      excerpt = excerpt.substring(0, 60) + "…";
    }
    return new UnusableInputException(
        "manifest: %s is not %s: %s"
            .formatted(pointer.isEmpty() ? "the document" : pointer, expected, excerpt));
  }
}
