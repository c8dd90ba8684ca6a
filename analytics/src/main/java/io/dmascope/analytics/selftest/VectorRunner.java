package io.dmascope.analytics.selftest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Runs golden vectors through the model: those that ship with dmascope, or files of the same form
 * in a directory ({@code *.jsonl}, {@code *.jsonl.gz}).
 */
public final class VectorRunner {
  private static final String SHIPPED = "/golden/vectors/";

  private final ObjectMapper json = new ObjectMapper();

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
      String name = file.getFileName().toString();
      try (InputStream in = Files.newInputStream(file)) {
        results.add(run(name, name.endsWith(".gz") ? new GZIPInputStream(in) : in));
      }
    }
    return results;
  }

  private static boolean isVectorFile(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
  }

  /** Runs the vectors of one stream; the name tells their kind where their ids do not. */
  VectorFileResult run(String name, InputStream in) throws IOException {
    List<String> differences = new ArrayList<>();
    int vectors = 0;
    int matching = 0;
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    long lineNumber = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      lineNumber++;
      if (line.isBlank()) {
        continue;
      }
      vectors++;
      Optional<String> difference = compare(name, line);
      if (difference.isEmpty()) {
        matching++;
      } else if (differences.size() < VectorFileResult.DIFFERENCES_MAX) {
        differences.add(name + ":" + lineNumber + ": " + difference.get());
      }
    }
    return new VectorFileResult(name, vectors, matching, differences);
  }

  private Optional<String> compare(String name, String line) {
    try {
      JsonNode vector = json.readTree(line);
      String id = vector.path("id").asText();
      Optional<VectorKind> kind = VectorKind.of(id).or(() -> VectorKind.of(name));
      if (kind.isEmpty()) {
        return Optional.of("no function for this kind of vector [id=" + id + "]");
      }
      return difference(kind.get().compute(vector), vector).map(text -> id + ": " + text);
    } catch (JsonProcessingException e) {
      return Optional.of("no JSON object: " + e.getOriginalMessage());
    } catch (VectorException | IllegalArgumentException e) {
      // The vector asks for what no kernel can be asked: it is reported as one that differs.
      return Optional.of(e.getMessage());
    }
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
        : Optional.of("%s: kernel %s, model %s".formatted(path, kernel, model));
  }
}
