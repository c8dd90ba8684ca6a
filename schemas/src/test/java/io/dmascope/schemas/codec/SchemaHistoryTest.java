package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.schemas.avro.CaptureRecord;
import io.dmascope.schemas.avro.DeviceSummary;
import io.dmascope.schemas.avro.EventChunk;
import io.dmascope.schemas.avro.MappingChunk;
import io.dmascope.schemas.avro.RunRecord;
import io.dmascope.schemas.avro.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the schemas to their history. A changed schema is a new version: run with {@code
 * UPDATE_GOLDEN=1} and commit the file that appears in {@code schemas/history}.
 */
final class SchemaHistoryTest {
  static List<Schema> records() {
    return List.of(
        EventChunk.getClassSchema(),
        Violation.getClassSchema(),
        MappingChunk.getClassSchema(),
        DeviceSummary.getClassSchema(),
        CaptureRecord.getClassSchema(),
        RunRecord.getClassSchema());
  }

  @ParameterizedTest
  @MethodSource("records")
  void present_isTheLatestVersion(Schema present) throws Exception {
    List<Schema> versions = SingleObject.loadHistory(present.getName());
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))
        && (versions.isEmpty() || !sameForm(versions.getLast(), present))) {
      Files.writeString(
          Path.of("history", "%s.v%d.avsc".formatted(present.getName(), versions.size() + 1)),
          SchemaFormatter.format("json/pretty", present) + "\n");
      return;
    }
    assertThat(versions).isNotEmpty();
    assertThat(sameForm(versions.getLast(), present))
        .as("%s has changed: keep it as its next version in schemas/history", present.getName())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("records")
  void present_readsEveryVersion(Schema present) {
    for (Schema version : SingleObject.loadHistory(present.getName())) {
      assertThat(
              SchemaCompatibility.checkReaderWriterCompatibility(present, version)
                  .getResult()
                  .getCompatibility())
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordAndField_isDocumented(Schema present) {
    List<String> undocumented = new ArrayList<>();
    collectUndocumented(present, new HashSet<>(), undocumented);

    assertThat(undocumented).isEmpty();
  }

  @Test
  void history_holdsNoStrayFiles() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("history"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(
              name ->
                  records().stream().anyMatch(r -> name.matches(r.getName() + "\\.v\\d+\\.avsc")));
    }
  }

  private static boolean sameForm(Schema one, Schema other) {
    return SchemaNormalization.toParsingForm(one).equals(SchemaNormalization.toParsingForm(other));
  }

  private static void collectUndocumented(Schema schema, Set<String> seen, List<String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (!seen.add(schema.getFullName())) {
          return;
        }
        if (schema.getDoc() == null) {
          found.add(schema.getName());
        }
        for (Schema.Field field : schema.getFields()) {
          if (field.doc() == null || field.doc().isBlank()) {
            found.add(schema.getName() + "." + field.name());
          }
          collectUndocumented(field.schema(), seen, found);
        }
      }
      case ENUM -> {
        if (schema.getDoc() == null) {
          found.add(schema.getName());
        }
      }
      case ARRAY -> collectUndocumented(schema.getElementType(), seen, found);
      case UNION -> schema.getTypes().forEach(branch -> collectUndocumented(branch, seen, found));
      default -> {
        // The simple types have nothing to say.
      }
    }
  }
}
