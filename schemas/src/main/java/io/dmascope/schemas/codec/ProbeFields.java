package io.dmascope.schemas.codec;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.U64List;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The fields of a probe event, whatever its kind: the kind's number, its texts, its numbers, its
 * lists, as {@code ProbeEvent} in the schema says.
 */
final class ProbeFields {
  private ProbeFields() {}

  static void write(ProbeEvent event, ByteWriter out, NamesWriter names) {
    ProbeShape shape = ProbeShape.of(event);
    List<Integer> texts = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    List<U64List> lists = new ArrayList<>();
    for (Object value : shape.values(event)) {
      switch (value) {
        case String text -> texts.add(names.string(text));
        case U64List list -> lists.add(list);
        default -> numbers.add((Long) value);
      }
    }
    out.writeInt(shape.index());
    writeCount(texts.size(), out);
    texts.forEach(out::writeInt);
    out.writeInt(0);
    writeCount(numbers.size(), out);
    numbers.forEach(out::writeLong);
    out.writeInt(0);
    writeCount(lists.size(), out);
    for (U64List list : lists) {
      writeCount(list.size(), out);
      for (int i = 0; i < list.size(); i++) {
        out.writeLong(list.at(i));
      }
      out.writeInt(0);
    }
    out.writeInt(0);
  }

  /** Avro writes an array as one block with its count, if it is not empty, and a closing 0. */
  private static void writeCount(int count, ByteWriter out) {
    if (count > 0) {
      out.writeInt(count);
    }
  }

  static ProbeEvent read(EventHeader header, ByteReader in, NamesReader names)
      throws UndecodableRecordException {
    ProbeShape shape = ProbeShape.all().get(in.readIndex(ProbeShape.all().size()));
    Deque<String> texts = new ArrayDeque<>();
    for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
      for (int i = 0; i < block; i++) {
        texts.add(names.readName(in));
      }
    }
    Deque<Long> numbers = new ArrayDeque<>();
    for (long number : in.readLongs()) {
      numbers.add(number);
    }
    Deque<U64List> lists = new ArrayDeque<>();
    for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
      for (int i = 0; i < block; i++) {
        lists.add(U64List.wrap(in.readLongs()));
      }
    }
    return event(shape, header, texts, numbers, lists);
  }

  private static ProbeEvent event(
      ProbeShape shape,
      EventHeader header,
      Deque<String> texts,
      Deque<Long> numbers,
      Deque<U64List> lists)
      throws UndecodableRecordException {
    Object[] values = shape.absentValues();
    for (int i = 0; i < values.length; i++) {
      Deque<?> given =
          switch (shape.fields().get(i).form()) {
            case TEXT -> texts;
            case LIST -> lists;
            case NUMBER, INT, FLAG, CONSTANT -> numbers;
          };
      values[i] = given.isEmpty() ? values[i] : given.removeFirst();
    }
    try {
      return shape.event(header, values);
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(
          "a probe event is none [kind=%s]: %s".formatted(shape.name(), e.getMessage()));
    }
  }
}
