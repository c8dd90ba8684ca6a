/**
 * What the tracepoints do not tell about the rig: devices, address spaces, memory, bridges. Every
 * field may be missing; what depends on a missing one is not checked.
 */
package io.dmascope.model.rig;
