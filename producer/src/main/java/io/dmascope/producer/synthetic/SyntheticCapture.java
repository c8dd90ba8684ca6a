package io.dmascope.producer.synthetic;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.machine.Mischief;
import io.dmascope.producer.synthetic.machine.Recorder;
import io.dmascope.producer.synthetic.profile.Workload;
import java.util.function.Consumer;

/** A capture that is made up while it is read: from before the drivers' probe to their removal. */
public final class SyntheticCapture implements TraceReader {
  /** Recording begins when the machine has been up for some seconds. */
  private static final long BOOT_NS = 8_000_000_000L;

  private static final String FORMAT = "synthetic";

  private final CaptureSpec spec;
  private final Mischief mischief;

  /** A capture of honest drivers. */
  public SyntheticCapture(CaptureSpec spec) {
    this(spec, null);
  }

  /**
   * A capture of drivers that misbehave.
   *
   * @param mischief null for none
   */
  public SyntheticCapture(CaptureSpec spec, Mischief mischief) {
    this.spec = spec;
    this.mischief = mischief;
  }

  /** What the capture says of itself. */
  public CaptureFacts facts() {
    return new CaptureFacts(
        spec.captureId(),
        spec.captureId(),
        FORMAT,
        spec.machine().generation().release(),
        "local",
        true,
        manifest());
  }

  /** What is known of the machine: one just like it is built, and looked at. */
  public RigManifest manifest() {
    Machine machine = machine(_ -> {});
    workload(machine);
    return machine.manifest();
  }

  @Override
  public void read(EventSink sink) {
    sink.event(new CaptureStart(header(0, 0), facts()));
    Machine machine = machine(sink::event);
    Workload workload = workload(machine);
    workload.start();
    machine.run(spec.events(), BOOT_NS + spec.durationNs());
    workload.stop();
    if (mischief != null) {
      mischief.ended(machine.recorder().nextSequence(), BOOT_NS, machine.recorder().nowNs());
    }
    sink.event(end(machine.recorder()));
  }

  private Machine machine(Consumer<TraceEvent> out) {
    Chance chance = new Chance(spec.seed());
    Recorder recorder = new Recorder(1, BOOT_NS, chance.split("recorder"), out);
    return new Machine(spec.machine(), recorder, chance.split("machine"), mischief);
  }

  private Workload workload(Machine machine) {
    return new Workload(machine, spec.profile(), spec.load(), spec.sizes());
  }

  private static TraceEvent end(Recorder recorder) {
    long events = recorder.nextSequence() - 1;
    return new CaptureEnd(
        header(recorder.nextSequence(), recorder.nowNs()),
        new InputCounts(events, events, events, 0, 0, 0));
  }

  private static EventHeader header(long sequence, long timestampNs) {
    return new EventHeader(
        sequence, timestampNs, EventHeader.UNKNOWN, EventHeader.UNKNOWN, "", sequence);
  }
}
