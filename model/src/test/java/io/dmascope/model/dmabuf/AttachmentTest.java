package io.dmascope.model.dmabuf;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttachmentTest {
  private final Attachment attachment = Attachment.dynamic(false);

  @Test
  void theTable_hasACellForEachStateAndOperation() {
    for (AttachmentState state : AttachmentState.values()) {
      for (AttachmentOp op : AttachmentOp.values()) {
        String cell = Attachment.cell(state, op);
        if (cell.startsWith("!")) {
          int refusal = Integer.parseInt(cell.substring(1));
          assertThat(refusal).isBetween(1, Attachment.refusals().size());
        } else {
          assertThat(EnumSet.allOf(AttachmentState.class))
              .extracting(Enum::name)
              .as("%s %s", state, op)
              .contains(cell);
        }
      }
    }
  }

  @Test
  void everyState_canBeReached() {
    Set<AttachmentState> reached = EnumSet.of(AttachmentState.DETACHED);
    Deque<AttachmentState> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      AttachmentState from = open.remove();
      for (AttachmentOp op : AttachmentOp.values()) {
        String cell = Attachment.cell(from, op);
        if (!cell.startsWith("!") && reached.add(AttachmentState.valueOf(cell))) {
          open.add(AttachmentState.valueOf(cell));
        }
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(AttachmentState.values());
  }

  @Test
  void detachWhileMapped_isForbidden() {
    attachment.apply(AttachmentOp.ATTACH, false);
    assertThat(attachment.map(DmaDirection.TO_DEVICE, false)).isEmpty();

    assertThat(attachment.apply(AttachmentOp.DETACH, false))
        .contains(Refusal.DETACHED_WHILE_MAPPED);
    assertThat(attachment.unmap(DmaDirection.TO_DEVICE)).isEmpty();
    assertThat(attachment.apply(AttachmentOp.DETACH, false)).isEmpty();
  }

  @Test
  void afterInvalidation_theImporterMayNotWriteAndMapsAnewOnlyAfterUnmapping() {
    attachment.apply(AttachmentOp.ATTACH, false);
    attachment.map(DmaDirection.FROM_DEVICE, false);
    attachment.apply(AttachmentOp.INVALIDATE, true);

    assertThat(attachment.mayWrite()).isFalse();
    assertThat(attachment.map(DmaDirection.FROM_DEVICE, false)).contains(Refusal.MOVED);
    attachment.unmap(DmaDirection.FROM_DEVICE);
    assertThat(attachment.map(DmaDirection.FROM_DEVICE, false)).isEmpty();
    assertThat(attachment.mayWrite()).isTrue();
  }

  @Test
  void aPinnedBufferThatIsInvalidated_isGoneForGood() {
    attachment.apply(AttachmentOp.ATTACH, false);
    attachment.apply(AttachmentOp.PIN, true);
    attachment.map(DmaDirection.TO_DEVICE, false);
    attachment.apply(AttachmentOp.INVALIDATE, true);
    attachment.unmap(DmaDirection.TO_DEVICE);

    assertThat(attachment.map(DmaDirection.TO_DEVICE, false)).contains(Refusal.TAKEN_AWAY);
  }

  @Test
  void mapsAndUnmaps_areCounted() {
    attachment.apply(AttachmentOp.ATTACH, false);
    attachment.map(DmaDirection.TO_DEVICE, false);
    attachment.map(DmaDirection.TO_DEVICE, false);
    attachment.unmap(DmaDirection.TO_DEVICE);

    assertThat(attachment.state()).isEqualTo(AttachmentState.MAPPED);
    attachment.unmap(DmaDirection.TO_DEVICE);
    assertThat(attachment.unmap(DmaDirection.TO_DEVICE)).contains(Refusal.UNMAPPED_TOO_OFTEN);
  }

  @Test
  void locksAndConsent_areChecked() {
    attachment.apply(AttachmentOp.ATTACH, false);

    assertThat(attachment.apply(AttachmentOp.MAP, false)).contains(Refusal.LOCK_NOT_HELD);
    assertThat(attachment.map(DmaDirection.TO_DEVICE, true)).contains(Refusal.PEER_MEMORY);
    Attachment fixed = Attachment.fixed();
    fixed.apply(AttachmentOp.ATTACH, false);
    assertThat(fixed.apply(AttachmentOp.PIN, true)).contains(Refusal.STATIC_PIN);
  }

  @Test
  void unmapInAnotherDirection_isForbidden() {
    attachment.apply(AttachmentOp.ATTACH, false);
    attachment.map(DmaDirection.TO_DEVICE, false);

    assertThat(attachment.unmap(DmaDirection.FROM_DEVICE)).contains(Refusal.OTHER_DIRECTION);
  }

  @Test
  void staticImporters_mapAtAttachOrAtMap() {
    assertThat(StaticImport.MAPPED_AT_ATTACH.exporterDirection(DmaDirection.TO_DEVICE))
        .isEqualTo(DmaDirection.BIDIRECTIONAL);
    assertThat(StaticImport.MAPPED_AT_MAP.exporterDirection(DmaDirection.TO_DEVICE))
        .isEqualTo(DmaDirection.TO_DEVICE);
    assertThat(
            StaticImport.MAPPED_AT_ATTACH.isBusy(
                Optional.of(DmaDirection.TO_DEVICE), DmaDirection.FROM_DEVICE))
        .isTrue();
  }
}
