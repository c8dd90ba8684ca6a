package io.dmascope.producer.synthetic.profile;

import io.dmascope.producer.synthetic.machine.Machine;
import java.util.ArrayList;
import java.util.List;

/** A profile at work on a machine: from probe to remove. */
public final class Workload {
  private final Machine machine;
  private final List<Driver> drivers;

  /** Plugs the profile's devices into the machine. */
  public Workload(Machine machine, Profile profile, Load load, Sizes sizes) {
    this.machine = machine;
    this.drivers = new ArrayList<>();
    for (int copy = 0; copy < machine.layout().copies(); copy++) {
      drivers.addAll(profile.drivers(machine, load, sizes));
    }
  }

  /** Probes every driver. */
  public void start() {
    for (Driver driver : drivers) {
      driver.probe();
      driver.device.bound(driver.modprobe(), true);
    }
  }

  /** Lets everything under way end, and removes every driver: nothing stays mapped. */
  public void stop() {
    machine.finish();
    for (Driver driver : drivers) {
      driver.remove();
      driver.device.bound(driver.modprobe(), false);
    }
  }
}
