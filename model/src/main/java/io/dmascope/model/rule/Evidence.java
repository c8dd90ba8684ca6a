package io.dmascope.model.rule;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Transition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The phrases and facts that the rules share. */
final class Evidence {
  private Evidence() {}

  /** {@code [dma_addr=0x…] [size=…]}, as dma-debug puts it. */
  static String where(Transition t) {
    return where(t.dmaAddr(), t.sizeBytes());
  }

  static String where(long dmaAddr, long sizeBytes) {
    return "[dma_addr=%s] [size=%s]"
        .formatted(Addresses.hex(dmaAddr), Long.toUnsignedString(sizeBytes));
  }

  /** {@code 0x…-0x…}, both ends inclusive. */
  static String hexRange(long first, long last) {
    return Addresses.hex(first) + "-" + Addresses.hex(last);
  }

  static List<RelatedEvent> mapped(MappedObject object) {
    return List.of(object.mappedHere());
  }

  /** Where a released object was mapped and where it was unmapped. */
  static List<RelatedEvent> life(MappedObject object) {
    return object.live()
        ? List.of(object.mappedHere())
        : List.of(object.mappedHere(), object.releasedHere());
  }

  static RelatedEvent at(String what, EventHeader header) {
    return new RelatedEvent(what, EventRef.of(header));
  }

  /** Several pieces of evidence, oldest first, each event once. */
  static List<RelatedEvent> inOrder(List<RelatedEvent> first, List<RelatedEvent> second) {
    List<RelatedEvent> all = new ArrayList<>(first);
    for (RelatedEvent event : second) {
      if (all.stream().noneMatch(known -> known.at().sequence() == event.at().sequence())) {
        all.add(event);
      }
    }
    all.sort(Comparator.comparingLong(event -> event.at().sequence()));
    return all;
  }
}
