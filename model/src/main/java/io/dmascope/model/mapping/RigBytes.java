package io.dmascope.model.mapping;

import io.dmascope.model.rig.RecordMembers;
import io.dmascope.model.rig.RigManifest;

/** A manifest as stored state. */
final class RigBytes {
  private RigBytes() {}

  static byte[] of(RigManifest manifest) {
    Sink sink = new Sink(new StateWriter());
    RecordMembers.write(manifest, sink);
    return sink.out().toBytes();
  }

  static RigManifest read(byte[] bytes) {
    return RecordMembers.read(new Source(new StateReader(bytes)));
  }

  private record Sink(StateWriter out) implements RecordMembers.Sink {
    @Override
    public void number(long value) {
      out.s(value);
    }

    @Override
    public void flag(boolean value) {
      out.flag(value);
    }

    @Override
    public void text(String value) {
      out.text(value);
    }
  }

  /** Damage is a bug of ours and ends in whatever exception it meets. */
  private record Source(StateReader in) implements RecordMembers.Source<RuntimeException> {
    @Override
    public long number() {
      return in.s();
    }

    @Override
    public int integer() {
      return Math.toIntExact(in.s());
    }

    @Override
    public int index(int size) {
      return integer();
    }

    @Override
    public int block() {
      return integer();
    }

    @Override
    public boolean flag() {
      return in.flag();
    }

    @Override
    public String text() {
      return in.text();
    }
  }
}
