package io.dmascope.tables;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.finding.MappingKind;

/** What a call makes, by the function that was called. */
final class Kinds {
  private Kinds() {}

  static MappingKind of(MapApi api, long attrs) {
    return switch (api) {
      case PAGE -> MappingKind.SINGLE;
      case RESOURCE -> MappingKind.RESOURCE;
      case PHYS -> (attrs & DmaAttrs.MMIO) != 0 ? MappingKind.RESOURCE : MappingKind.SINGLE;
    };
  }

  static MappingKind of(AllocApi api) {
    return switch (api) {
      case COHERENT -> MappingKind.COHERENT;
      case PAGES -> MappingKind.NONCOHERENT;
    };
  }
}
