package io.dmascope.model.finding;

/**
 * Families of mappings, as {@code kernel/dma/debug.c} tells them apart; {@code debugName} is how it
 * prints them.
 */
public enum MappingKind {
  SINGLE("single"),
  RESOURCE("resource"),
  SCATTER_GATHER("scatter-gather"),
  COHERENT("coherent"),
  NONCOHERENT("noncoherent"),
  /** {@code dma_alloc_noncontiguous}: dma-debug files it under scatter-gather. */
  NONCONTIGUOUS("scatter-gather");

  private final String debugName;

  MappingKind(String debugName) {
    this.debugName = debugName;
  }

  public String debugName() {
    return debugName;
  }
}
