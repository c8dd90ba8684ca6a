package io.dmascope.model.mapping;

/** How the device of a fault is known. */
public enum FaultDevice {
  /** The fault names it. */
  NAMED,
  /** The fault names none, and one device alone has or had the page mapped. */
  INFERRED,
  /** The fault names none, and none or several have the page mapped. */
  UNKNOWN
}
