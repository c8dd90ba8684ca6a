package io.dmascope.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.schemas.codec.EventFile;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvroFileWriterTest {
  @Test
  void whatWasWritten_readsBackEqual() throws Exception {
    List<TraceEvent> made = events();
    List<TraceEvent> read = new ArrayList<>();
    EventFile.read(new ByteArrayInputStream(written(made)), chunk -> read.addAll(chunk.events()));
    assertThat(read).isEqualTo(made);
  }

  @Test
  void theSameEvents_giveTheSameBytes() throws IOException {
    assertThat(written(events())).isEqualTo(written(events()));
  }

  @Test
  void aFileThatLostItsEnd_isSaidToBeDamaged() throws IOException {
    byte[] whole = written(events());
    ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, whole.length - 100);
    assertThatThrownBy(() -> EventFile.read(cut, chunk -> {}))
        .isInstanceOfAny(UndecodableRecordException.class, IOException.class);
  }

  private static byte[] written(List<TraceEvent> events) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (AvroFileWriter writer = new AvroFileWriter(bytes)) {
      for (TraceEvent event : events) {
        writer.event(event);
      }
    }
    return bytes.toByteArray();
  }

  private static List<TraceEvent> events() {
    List<TraceEvent> events = new ArrayList<>();
    new SyntheticCapture(
            new CaptureSpec(
                "capture",
                5,
                new Machine.Spec(Generation.V7_3, Backend.LAZY, 2, true, true),
                Profile.MIX,
                Profile.MIX.usualLoad(),
                Sizes.SMALL,
                2000,
                Long.MAX_VALUE / 2))
        .read(
            new EventSink() {
              @Override
              public void event(TraceEvent event) {
                events.add(event);
              }

              @Override
              public void issue(TraceIssue issue) {
                throw new IllegalStateException(issue.message());
              }
            });
    return events;
  }
}
