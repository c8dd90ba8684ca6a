package io.dmascope.model.mapping;

import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Buffers that are shared between devices, as a recorder of calls saw them. */
final class SharedBuffers {
  /** Attachments and buffers remembered; the one that has been quiet longest goes first. */
  static final int REMEMBERED_MAX = 4096;

  private record Key(long inode, long attachment) {}

  private final Map<Key, ImportedBuffer> imports = bounded();
  private final Map<Long, CpuBracket> brackets = bounded();

  /** Tables that exporters returned, and whose they are. */
  private final Map<Long, Key> tables = bounded();

  /** The attachment that a call is about; one never heard of begins here. */
  ImportedBuffer of(AttachmentCall call) {
    Key key = new Key(call.inode(), call.attachment());
    ImportedBuffer known = imports.get(key);
    if (known == null || call.op() == AttachmentCall.Op.ATTACH) {
      known = ImportedBuffer.of(call);
      imports.put(key, known);
    }
    return known;
  }

  /** The attachment as far as it is known, or null. */
  ImportedBuffer at(long inode, long attachment) {
    return imports.get(new Key(inode, attachment));
  }

  /** Every attachment of a buffer. */
  List<ImportedBuffer> all(long inode) {
    List<ImportedBuffer> all = new ArrayList<>();
    imports.forEach(
        (key, buffer) -> {
          if (key.inode == inode) {
            all.add(buffer);
          }
        });
    return all;
  }

  /** Notes whose table it is. */
  void mapped(AttachmentCall call) {
    tables.put(call.table(), new Key(call.inode(), call.attachment()));
  }

  /** The attachment that the table was returned to, or null. */
  ImportedBuffer ofTable(long table) {
    Key key = tables.get(table);
    return key == null ? null : imports.get(key);
  }

  /** The CPU's brackets around a buffer. */
  CpuBracket bracket(long inode) {
    return brackets.computeIfAbsent(inode, key -> new CpuBracket());
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED_MAX;
      }
    };
  }

  void save(StateWriter out) {
    out.u(imports.size());
    imports.forEach(
        (key, buffer) -> {
          out.u(key.inode).u(key.attachment);
          buffer.save(out);
        });
    out.u(brackets.size());
    brackets.forEach(
        (inode, bracket) -> {
          out.u(inode);
          bracket.save(out);
        });
    out.u(tables.size());
    tables.forEach((table, key) -> out.u(table).u(key.inode).u(key.attachment));
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      imports.put(new Key(in.u(), in.u()), ImportedBuffer.restored(in));
    }
    for (int n = in.i(); n > 0; n--) {
      brackets.put(in.u(), CpuBracket.restored(in));
    }
    for (int n = in.i(); n > 0; n--) {
      tables.put(in.u(), new Key(in.u(), in.u()));
    }
  }
}
