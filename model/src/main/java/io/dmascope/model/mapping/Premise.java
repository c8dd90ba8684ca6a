package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.Reason;

/**
 * Something that has to be true for a finding to be. A rule names its premises where it finds
 * something, in the order of their weight; {@link Weighing} says which of them may be false.
 *
 * <p>Valid, like the transition that it is taken from, while a rule inspects: what is to last is
 * the {@link PremiseKind}.
 */
public sealed interface Premise {
  PremiseKind kind();

  /** This object is what stands at its address, or was the last to stand there. */
  record Stands(MappedObject object) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.OBJECT_STANDS;
    }
  }

  /** All mappings that start at that address still stand. */
  record AllStand(Device device, long dmaAddr) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.OBJECT_STANDS;
    }
  }

  /** What was made for the device by that event still stands. */
  record MadeStands(Device device, EventHeader made) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.OBJECT_STANDS;
    }
  }

  /**
   * Nothing was lost since an event.
   *
   * @param since its sequence, or {@link #EVER}
   */
  record NothingLost(long since) implements Premise {
    private static final long EVER = -1;

    public static NothingLost since(EventHeader then) {
      return new NothingLost(then.sequence());
    }

    /** Since the recording began. */
    public static NothingLost ever() {
      return new NothingLost(EVER);
    }

    boolean isEver() {
      return since == EVER;
    }

    @Override
    public PremiseKind kind() {
      return PremiseKind.NOTHING_LOST;
    }
  }

  /**
   * No object like it was ever made.
   *
   * @param device for which, or null for any
   * @param shown an event of its own shows that the kernel found nothing either
   */
  record NeverMade(Device device, boolean shown) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.NEVER_MADE;
    }
  }

  /** No bracket of the buffer was opened before the recording began. */
  record NeverOpened() implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.NEVER_MADE;
    }
  }

  /**
   * An event that names memory alone means that list of it, and no other one.
   *
   * @param shown as in {@link NeverMade}
   */
  record NoOtherList(Device device, DmaDirection direction, boolean shown) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.NO_OTHER_MEANT;
    }
  }

  /** The one event happened before the other. */
  record InOrder(EventHeader first, EventHeader second) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.IN_ORDER;
    }
  }

  /** No wrong unmap has disturbed the addresses of the device. */
  record SpaceIntact(Device device) implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.SPACE_INTACT;
    }
  }

  /** Nothing of the history of addresses was forgotten. */
  record HistoryRemembered() implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.ALL_REMEMBERED;
    }
  }

  /** No page-table run that nobody has claimed was forgotten. */
  record RunsRemembered() implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.ALL_REMEMBERED;
    }
  }

  /** No other device behind an IOMMU has the same address. */
  record OnlyDomain() implements Premise {
    @Override
    public PremiseKind kind() {
      return PremiseKind.NO_OTHER_DOMAIN;
    }
  }

  /**
   * Something that the rule itself can tell from the event and the machine.
   *
   * @param doubt what explains the finding away where it does not hold
   */
  record Given(boolean holds, Doubt doubt) implements Premise {
    @Override
    public PremiseKind kind() {
      return doubt.kind().refutes();
    }
  }

  /** Holds where the recording shows so; in doubt for the reason otherwise. */
  static Premise given(boolean holds, Reason reason) {
    return new Given(holds, Doubt.of(reason));
  }

  /** What no recording can tell: always in doubt. */
  static Premise unknowable(Reason reason) {
    return new Given(false, Doubt.of(reason));
  }
}
