package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What made-up machines say of themselves is a manifest like any other. */
class MadeUpManifestTest {
  @ParameterizedTest
  @EnumSource(Profile.class)
  void isADocumentThatReadsBackAsItWas(Profile profile) throws IOException {
    ManifestSchema schema = new ManifestSchema();
    for (Backend backend : Backend.values()) {
      RigManifest manifest = manifest(profile, backend);
      String json = RigManifestJson.write(manifest);
      assertThat(schema.problems(json)).isEmpty();
      RigManifestJson.Reading reading =
          RigManifestJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
      assertThat(reading.manifest()).isEqualTo(manifest);
      assertThat(reading.unknownKeys()).isEmpty();
    }
  }

  private static RigManifest manifest(Profile profile, Backend backend) {
    Machine.Spec machine = new Machine.Spec(Generation.V7_3, backend, 4, false, false);
    return new SyntheticCapture(
            new CaptureSpec("c", 3, machine, profile, profile.usualLoad(), Sizes.SMALL, 100, 1L))
        .manifest();
  }
}
