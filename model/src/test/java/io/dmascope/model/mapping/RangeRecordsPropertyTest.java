package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link RangeRecords} keeps what plain objects keep, whatever the magnitude of the values. */
class RangeRecordsPropertyTest {
  /** The plain twin: a field a fact. */
  private static final class Plain {
    private final int slot;
    private final Device device;
    private final MappingKind kind;
    private final DmaDirection direction;
    private final long attrs;
    private final long addr;
    private final long size;
    private final long phys;
    private final EventHeader first;
    private EventHeader last;
    private int instances = 1;
    private long since;
    private boolean torn;
    private boolean ended;
    private MappedObject.Translation translation = MappedObject.Translation.UNKNOWN;

    private Plain(RangeRecords records, Random random, int sequence) {
      device = new Device(random.nextInt(DeviceTable.DEVICES_MAX + 1), "d");
      kind = random.nextBoolean() ? MappingKind.COHERENT : MappingKind.SINGLE;
      direction = DmaDirection.values()[random.nextInt(DmaDirection.values().length)];
      attrs = any(random, 14);
      addr = any(random, 40);
      size = any(random, 16);
      phys = any(random, 40);
      first = header(random, sequence);
      last = first;
      since = first.sequence();
      slot = records.addSingle(device, kind, direction, attrs, addr, size, phys, first);
    }
  }

  private final List<Plain> plain = new ArrayList<>();
  private RangeRecords records;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void shouldKeepWhatPlainObjectsKeep(@ForAll long seed) {
    Random random = new Random(seed);
    records = new RangeRecords(new TaskNames());
    plain.clear();
    for (int i = 0; i < 300; i++) {
      if (plain.isEmpty() || random.nextInt(3) > 0) {
        plain.add(new Plain(records, random, i));
      } else {
        change(plain.get(random.nextInt(plain.size())), random, i);
      }
    }
    plain.forEach(this::compare);
  }

  private void change(Plain p, Random random, int sequence) {
    switch (random.nextInt(6)) {
      case 0 -> {
        records.free(p.slot);
        plain.remove(p);
      }
      case 1 -> {
        p.last = header(random, sequence);
        p.instances++;
        records.mapAgain(p.slot, p.last);
      }
      case 2 -> {
        p.since = Math.min(p.since, random.nextInt(300));
        records.knownSince(p.slot, p.since);
      }
      case 3 -> {
        p.torn = true;
        records.tear(p.slot);
      }
      case 4 -> {
        p.ended = true;
        records.end(p.slot);
        records.number(p.slot, random.nextInt());
      }
      default -> {
        p.translation = MappedObject.Translation.values()[random.nextInt(4)];
        records.translation(p.slot, p.translation);
      }
    }
  }

  private void compare(Plain p) {
    assertThat(records.device(p.slot)).isEqualTo(p.device.id());
    assertThat(records.kind(p.slot)).isEqualTo(p.kind);
    assertThat(records.direction(p.slot)).isEqualTo(p.direction);
    assertThat(records.attrs(p.slot)).isEqualTo(p.attrs);
    assertThat(records.addr(p.slot)).isEqualTo(p.addr);
    assertThat(records.sizeBytes(p.slot)).isEqualTo(p.size);
    assertThat(records.physAddr(p.slot)).isEqualTo(p.phys);
    assertThat(records.firstMapped(p.slot)).isEqualTo(p.first);
    assertThat(records.sequence(p.slot)).isEqualTo(p.first.sequence());
    assertThat(records.lastSequence(p.slot)).isEqualTo(p.last.sequence());
    assertThat(records.knownSince(p.slot)).isEqualTo(p.since);
    assertThat(records.instances(p.slot)).isEqualTo(p.ended ? 0 : p.instances);
    assertThat(records.torn(p.slot)).isEqualTo(p.torn);
    assertThat(records.live(p.slot)).isEqualTo(!p.ended);
    assertThat(records.translation(p.slot)).isEqualTo(p.translation);
    assertThat(records.isFree(p.slot)).isFalse();
  }

  /** Mostly of so many bits, now and then of any number. */
  private static long any(Random random, int bits) {
    return random.nextInt(8) == 0
        ? random.nextLong() >>> random.nextInt(64)
        : random.nextLong() >>> (64 - bits);
  }

  /** Mostly one that fits into words, now and then one of a damaged recording. */
  private static EventHeader header(Random random, int sequence) {
    boolean odd = random.nextInt(8) == 0;
    return new EventHeader(
        odd ? random.nextLong() >>> 1 : sequence,
        random.nextLong(),
        odd ? random.nextInt() : random.nextInt(8) - 1,
        random.nextInt(),
        "task" + random.nextInt(200),
        odd ? random.nextLong() : random.nextInt());
  }
}
