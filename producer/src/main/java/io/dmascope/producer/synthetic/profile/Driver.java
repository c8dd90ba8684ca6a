package io.dmascope.producer.synthetic.profile;

import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.machine.Memory;

/** A driver bound to one device. It works until the machine is stopping, and leaves nothing. */
abstract class Driver {
  /** First pid of the tasks that work with devices; each device has some of its own. */
  private static final int PIDS = 1000;

  private static final int PIDS_A_DEVICE = 100;

  final Machine machine;
  final DmaDevice device;
  final Memory memory;
  final Chance chance;
  private final int firstPid;

  Driver(DmaDevice device) {
    this.machine = device.machine();
    this.device = device;
    this.memory = machine.memory();
    this.chance = machine.chance(device.name());
    this.firstPid = PIDS + PIDS_A_DEVICE * machine.devices().indexOf(device);
  }

  /** Sets the device up and schedules its work. */
  abstract void probe();

  /** Gives back what the driver holds for its lifetime; nothing is under way any more. */
  abstract void remove();

  /** The task that loads and unloads drivers. */
  final Context modprobe() {
    return new Context(0, firstPid, "modprobe");
  }

  /** One of the device's own tasks, always on the same CPU. */
  final Context task(String comm, int index) {
    return new Context(index % machine.cpus(), firstPid + 1 + index, comm);
  }

  /** An interrupt on that CPU; it mostly finds the CPU idle. */
  final Context interrupt(int cpu) {
    return chance.percent(70) ? Context.idle(cpu) : new Context(cpu, 10 + cpu, "ksoftirqd/" + cpu);
  }

  /** A CPU for a completion: mostly the one that asked. */
  final int completionCpu(int cpu) {
    return chance.percent(90) ? cpu : chance.below(machine.cpus());
  }
}
