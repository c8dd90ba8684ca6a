package io.dmascope.model.mapping;

/** How the device of a fault is known. */
public enum FaultDevice {
  /** The fault names it. */
  NAMED,
  /** The fault names none, and one device alone has or had the page mapped. */
  INFERRED,
  /** The fault names none, and several have or had the page mapped. */
  SEVERAL,
  /** The fault names none, and no device ever had the page mapped. */
  NOBODY
}
