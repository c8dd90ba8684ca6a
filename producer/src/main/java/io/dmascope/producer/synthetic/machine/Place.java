package io.dmascope.producer.synthetic.machine;

/** Where a PCI device is plugged in. */
public enum Place {
  /** A root port of its own. */
  ROOT_PORT,
  /** The switch: devices below it reach each other without the host bridge. */
  SWITCH,
  /** A root port of the other host bridge, which lets no requests of peers through. */
  OTHER_ROOT
}
