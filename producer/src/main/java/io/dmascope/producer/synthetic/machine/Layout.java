package io.dmascope.producer.synthetic.machine;

import java.util.Objects;

/**
 * How many devices a machine has, and where.
 *
 * @param copies of each device of the profile
 * @param topology where they are plugged in; a profile of peers says so itself
 */
public record Layout(int copies, Topology topology) {
  /** One of each, at a root port of its own. */
  public static final Layout USUAL = new Layout(1, Topology.ROOT_PORTS);

  /** Shapes of PCI trees. */
  public enum Topology {
    /** Each device at a root port of the first host bridge. */
    ROOT_PORTS,
    /** All devices below one switch. */
    SWITCH,
    /** At root ports of both host bridges in turn. */
    BRIDGES
  }

  public Layout {
    Objects.requireNonNull(topology, "topology");
    if (copies < 1) {
      throw new IllegalArgumentException(
          "one of each device at least [copies=%d]".formatted(copies));
    }
  }

  /** Where the device goes that is plugged in after so many others. */
  Place place(int others) {
    return switch (topology) {
      case ROOT_PORTS -> Place.ROOT_PORT;
      case SWITCH -> Place.SWITCH;
      case BRIDGES -> others % 2 == 0 ? Place.ROOT_PORT : Place.OTHER_ROOT;
    };
  }
}
