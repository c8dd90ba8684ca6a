package io.dmascope.cli;

import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.rig.RigManifestJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the manifest of a rig that a user names. */
final class ManifestFile {
  private ManifestFile() {}

  /** Returns what the file says; nothing where {@code file} is null. */
  static RigManifest read(Terminal terminal, Path file) throws IOException {
    if (file == null) {
      return RigManifest.UNKNOWN;
    }
    try (InputStream in = Files.newInputStream(file)) {
      RigManifestJson.Reading reading = RigManifestJson.read(in);
      reading
          .unknownKeys()
          .forEach(key -> terminal.err().println(file + ": unknown key " + key + " is ignored"));
      return reading.manifest();
    }
  }
}
