package io.dmascope.analytics.selftest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Runs golden vectors through the model: those that ship with dmascope, or files of the same form
 * in a directory ({@code *.jsonl}, {@code *.jsonl.gz}).
 */
public final class VectorRunner {
  private static final String SHIPPED = "/golden/vectors/";

  /** More of a value would fill the screen. */
  private static final int TEXT_MAX = 200;

  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Runs the vectors that ship with dmascope. */
  public List<VectorFileResult> runShipped() throws IOException {
    List<VectorFileResult> results = new ArrayList<>();
    for (VectorKind kind : VectorKind.ALL) {
      String file = kind.baseName() + ".jsonl.gz";
      try (InputStream in = VectorRunner.class.getResourceAsStream(SHIPPED + file)) {
        if (in == null) {
          throw new IOException("golden vectors are not in this build [file=" + file + "]");
        }
        results.add(run(kind.baseName(), new GZIPInputStream(in)));
      }
    }
    return results;
  }

  /**
   * Runs every file of vectors in the directory, in the order of their names.
   *
   * @throws IOException if the directory cannot be read or holds no file of vectors
   */
  public List<VectorFileResult> runDirectory(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(VectorRunner::isVectorFile).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IOException("no *.jsonl or *.jsonl.gz file [directory=" + directory + "]");
    }
    List<VectorFileResult> results = new ArrayList<>();
    for (Path file : files) {
      results.add(runFile(file));
    }
    return results;
  }

  private VectorFileResult runFile(Path file) {
    String name = file.getFileName().toString();
    try (InputStream in = Files.newInputStream(file)) {
      return run(name, name.endsWith(".gz") ? new GZIPInputStream(in) : in);
    } catch (IOException e) {
      return VectorFileResult.unusable(name, "cannot be read: " + e.getMessage());
    }
  }

  private static boolean isVectorFile(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
  }

  /** Runs the vectors of one stream; the name tells their kind where their ids do not. */
  VectorFileResult run(String name, InputStream in) {
    return new FileRun(name).run(new VectorLines(in));
  }

  /** One file's run. */
  private final class FileRun {
    private final String name;
    private final List<String> differences = new ArrayList<>();
    private final Set<String> unknownFields = new TreeSet<>();
    private int vectors;
    private int matching;
    private int ofUnknownKind;

    FileRun(String name) {
      this.name = name;
    }

    VectorFileResult run(VectorLines lines) {
      Optional<String> trouble = Optional.empty();
      try {
        for (String line = lines.next(); line != null; line = lines.next()) {
          if (!line.isBlank()) {
            compare(line, lines.number());
          }
        }
      } catch (IOException e) {
        trouble = Optional.of("cannot be read on: " + e.getMessage());
      }
      boolean noneKnown = ofUnknownKind == vectors;
      if (vectors == 0 && trouble.isEmpty()) {
        trouble = Optional.of("holds no vectors");
      } else if (vectors > 0 && noneKnown) {
        trouble = Optional.of("vectors of no kind that is known; known are " + VectorKind.names());
      }
      List<String> notes =
          unknownFields.stream().map(field -> "not compared: field " + field).toList();
      return new VectorFileResult(name, vectors, matching, differences, notes, noneKnown, trouble);
    }

    private void compare(String line, long lineNumber) {
      vectors++;
      Optional<String> difference = difference(line);
      if (difference.isEmpty()) {
        matching++;
      } else if (differences.size() < VectorFileResult.DIFFERENCES_MAX) {
        differences.add(name + ":" + lineNumber + ": " + difference.get());
      }
    }

    private Optional<String> difference(String line) {
      try {
        JsonNode vector = json.readTree(line);
        if (!vector.isObject()) {
          return Optional.of("no JSON object: " + brief(vector.toString()));
        }
        String id = vector.path("id").asText();
        Optional<VectorKind> kind = VectorKind.of(id).or(() -> VectorKind.of(name));
        if (kind.isEmpty()) {
          ofUnknownKind++;
          return Optional.of("no function for this kind of vector [id=" + brief(id) + "]");
        }
        unknownFields.addAll(kind.get().unknownFields(vector));
        ObjectNode computed = kind.get().compute(vector);
        return VectorRunner.difference(kind.get(), computed, vector).map(text -> id + ": " + text);
      } catch (JsonProcessingException e) {
        return Optional.of("no JSON object: " + brief(e.getOriginalMessage()));
      } catch (VectorException | IllegalArgumentException e) {
        // The vector asks for what no kernel can be asked: it is reported as one that differs.
        return Optional.of(brief(String.valueOf(e.getMessage())));
      }
    }
  }

  private static String brief(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + " ...";
  }

  private static Optional<String> difference(
      VectorKind kind, ObjectNode computed, JsonNode vector) {
    // An output that only the vector has, such as an error, differs as much as another value.
    for (String output : new TreeSet<>(kind.outputs())) {
      boolean asked = vector.hasNonNull(output);
      boolean given = computed.has(output);
      if (asked && !given) {
        return Optional.of(
            "%s: kernel %s, model has none"
                .formatted(output, brief(vector.get(output).toString())));
      }
    }
    return difference(computed, vector);
  }

  private static Optional<String> difference(ObjectNode computed, JsonNode vector) {
    for (Map.Entry<String, JsonNode> field : computed.properties()) {
      Optional<String> difference =
          difference(field.getKey(), field.getValue(), vector.path(field.getKey()));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  /** Finds the first place where two values differ; numbers compare by their text. */
  private static Optional<String> difference(String path, JsonNode model, JsonNode kernel) {
    if (model.isArray() && kernel.isArray() && model.size() == kernel.size()) {
      for (int i = 0; i < model.size(); i++) {
        Optional<String> found = difference(path + "[" + i + "]", model.get(i), kernel.get(i));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    if (model.isObject() && kernel.isObject()) {
      Iterator<String> names = model.fieldNames();
      while (names.hasNext()) {
        String field = names.next();
        Optional<String> found =
            difference(path + "." + field, model.get(field), kernel.path(field));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return model.isValueNode() && kernel.isValueNode() && model.asText().equals(kernel.asText())
        ? Optional.empty()
        : Optional.of(
            "%s: kernel %s, model %s"
                .formatted(path, brief(kernel.toString()), brief(model.toString())));
  }
}
