package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.Bio;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.scatterlist.EntryForm;
import java.util.List;

/** DMA-BIO-001: a bio holds at most 256 vectors and fewer than 4 GiB. */
@RuleInfo(
    id = "DMA-BIO-001",
    title = "bio beyond its limits",
    severity = Severity.WARNING,
    on = Op.BIO,
    needs = Family.BIO,
    kernelSource = "block/bio.c bio_add_page()",
    confidenceNotes = "always certain: both numbers are recorded")
final class BioVecLimit implements Rule {
  /** {@code bi_size} has 32 bits. */
  private static final long SIZE_MAX = 0xffff_ffffL;

  @Override
  public void inspect(Transition t, Findings out) {
    Bio bio = (Bio) t.probe();
    int vecsMax = EntryForm.BIO_VEC.entriesPerChunk();
    if (bio.vecs() > vecsMax || Long.compareUnsigned(bio.sizeBytes(), SIZE_MAX) > 0) {
      out.report(
          this,
          List.of(),
          "a bio holds more than %d vectors or 4 GiB [vecs=%d] [size=%s]"
              .formatted(vecsMax, bio.vecs(), Long.toUnsignedString(bio.sizeBytes())),
          List.of());
    }
  }
}
