package io.dmascope.model.dmabuf;

import io.dmascope.model.event.DmaDirection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One importer's attachment to a buffer. An operation that the contract forbids is refused and
 * changes nothing.
 *
 * <p>The table has a row for each state and a column for each operation. A cell is the next state,
 * or {@code !} and the number of the refusal.
 */
public final class Attachment {
  private static final String TABLE =
      """
      state          ATTACH    PIN            UNPIN     MAP            UNMAP     INVALIDATE DETACH
      DETACHED       ATTACHED  !1             !1        !1             !1        !1         !1
      ATTACHED       !2        PINNED         !3        MAPPED         !4        ATTACHED   DETACHED
      PINNED         !2        PINNED         ATTACHED  PINNED_MAPPED  !4        DEAD       !5
      MAPPED         !2        PINNED_MAPPED  !3        MAPPED         ATTACHED  STALE      !6
      PINNED_MAPPED  !2        PINNED_MAPPED  MAPPED    PINNED_MAPPED  PINNED    REVOKED    !6
      STALE          !2        !7             !3        !7             ATTACHED  STALE      !6
      REVOKED        !2        !8             REVOKED   !8             DEAD      REVOKED    !6
      DEAD           !2        !8             DEAD      !8             !4        DEAD       DETACHED
      """;

  /** What the numbers in the table say, counted from 1. */
  private static final List<Refusal> FORBIDDEN =
      List.of(
          Refusal.NOT_ATTACHED,
          Refusal.ATTACHED_TWICE,
          Refusal.UNPINNED_TOO_OFTEN,
          Refusal.UNMAPPED_TOO_OFTEN,
          Refusal.DETACHED_WHILE_PINNED,
          Refusal.DETACHED_WHILE_MAPPED,
          Refusal.MOVED,
          Refusal.TAKEN_AWAY);

  private static final Map<AttachmentState, Map<AttachmentOp, String>> CELLS = parse();

  private final boolean dynamic;
  private final boolean acceptsPeerMemory;
  private AttachmentState state = AttachmentState.DETACHED;
  private int pins;
  private int maps;
  private Optional<DmaDirection> direction = Optional.empty();

  private Attachment(boolean dynamic, boolean acceptsPeerMemory) {
    this.dynamic = dynamic;
    this.acceptsPeerMemory = acceptsPeerMemory;
  }

  /** An importer that can be told that the buffer moves. */
  public static Attachment dynamic(boolean acceptsPeerMemory) {
    return new Attachment(true, acceptsPeerMemory);
  }

  /** An importer that cannot: its buffer is pinned whenever it is mapped. */
  public static Attachment fixed() {
    return new Attachment(false, false);
  }

  public AttachmentState state() {
    return state;
  }

  /**
   * An attachment as it was left, e.g. by a kernel that did what the contract forbids.
   *
   * @param direction of the maps, where there are any
   */
  public static Attachment resumed(
      boolean dynamic,
      boolean acceptsPeerMemory,
      AttachmentState state,
      int pins,
      int maps,
      Optional<DmaDirection> direction) {
    Attachment attachment = new Attachment(dynamic, acceptsPeerMemory);
    attachment.state = state;
    attachment.pins = pins;
    attachment.maps = maps;
    attachment.direction = direction;
    return attachment;
  }

  public int pins() {
    return pins;
  }

  public int maps() {
    return maps;
  }

  /** The direction of the maps; empty where there are none. */
  public Optional<DmaDirection> direction() {
    return direction;
  }

  /**
   * Does an operation; returns why it is forbidden, or empty where it was done.
   *
   * @param reservationHeld whether the caller holds the buffer's reservation lock
   */
  public Optional<Refusal> apply(AttachmentOp op, boolean reservationHeld) {
    if (op.isUnderReservationLock() != reservationHeld) {
      return Optional.of(reservationHeld ? Refusal.LOCK_HELD : Refusal.LOCK_NOT_HELD);
    }
    if (!dynamic && (op == AttachmentOp.PIN || op == AttachmentOp.UNPIN)) {
      return Optional.of(Refusal.STATIC_PIN);
    }
    String cell = CELLS.get(state).get(op);
    if (cell.startsWith("!")) {
      return Optional.of(FORBIDDEN.get(Integer.parseInt(cell.substring(1)) - 1));
    }
    count(op, AttachmentState.valueOf(cell));
    return Optional.empty();
  }

  /**
   * Maps in a direction; unlike {@link #apply} it knows what maps have to agree on.
   *
   * @param peerMemory whether the buffer lies in a device's memory now
   */
  public Optional<Refusal> map(DmaDirection wanted, boolean peerMemory) {
    Objects.requireNonNull(wanted, "wanted");
    if (peerMemory && !acceptsPeerMemory) {
      return Optional.of(Refusal.PEER_MEMORY);
    }
    Optional<Refusal> refused = apply(AttachmentOp.MAP, true);
    if (refused.isEmpty() && maps == 1) {
      direction = Optional.of(wanted);
    }
    return refused;
  }

  /** Unmaps; the direction has to be that of the map. */
  public Optional<Refusal> unmap(DmaDirection given) {
    boolean differs = direction.isPresent() && direction.get() != given;
    return differs ? Optional.of(Refusal.OTHER_DIRECTION) : apply(AttachmentOp.UNMAP, true);
  }

  /** The counts decide when the last pin or map is gone; only then does the state change. */
  private void count(AttachmentOp op, AttachmentState next) {
    AttachmentState reached =
        switch (op) {
          case PIN -> {
            pins++;
            yield next;
          }
          case UNPIN -> --pins > 0 ? state : next;
          case MAP -> {
            maps++;
            yield next;
          }
          case UNMAP -> --maps > 0 ? state : next;
          case ATTACH, INVALIDATE, DETACH -> next;
        };
    if (maps == 0) {
      direction = Optional.empty();
    }
    state = reached;
  }

  /** Whether the importer's device may write to the buffer now. */
  public boolean mayWrite() {
    return state == AttachmentState.MAPPED || state == AttachmentState.PINNED_MAPPED;
  }

  private static Map<AttachmentState, Map<AttachmentOp, String>> parse() {
    Map<AttachmentState, Map<AttachmentOp, String>> cells = new EnumMap<>(AttachmentState.class);
    List<List<String>> rows = new ArrayList<>();
    TABLE.lines().forEach(line -> rows.add(Arrays.asList(line.split(" +", -1))));
    List<String> ops = rows.removeFirst();
    for (List<String> row : rows) {
      Map<AttachmentOp, String> byOp = new EnumMap<>(AttachmentOp.class);
      for (int i = 1; i < row.size(); i++) {
        byOp.put(AttachmentOp.valueOf(ops.get(i)), row.get(i));
      }
      cells.put(AttachmentState.valueOf(row.getFirst()), byOp);
    }
    return cells;
  }

  /** The cell of a state and an operation, for the test that the table is total. */
  static String cell(AttachmentState state, AttachmentOp op) {
    return CELLS.getOrDefault(state, Map.of()).getOrDefault(op, "");
  }

  static List<Refusal> refusals() {
    return FORBIDDEN;
  }
}
