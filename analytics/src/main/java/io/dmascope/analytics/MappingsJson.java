package io.dmascope.analytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ended mappings of a capture in columns: a hundred thousand rows have to be read in a moment. */
final class MappingsJson {
  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private final Map<String, Integer> nameIndex = new LinkedHashMap<>();

  private MappingsJson() {}

  /**
   * @param device empty for all
   * @param fromNs since the beginning of the capture
   */
  static ObjectNode of(CaptureAggregate capture, String device, long fromNs, long toNs, int limit) {
    long beginNs = CaptureJson.beginNs(capture);
    MappingColumns mappings = capture.page().mappings();
    MappingColumns.Selection selection =
        mappings.select(device, beginNs + fromNs, beginNs + toNs, limit);
    MappingsJson json = new MappingsJson();
    json.root.put("version", PageApi.VERSION);
    json.root.put("capture", capture.label());
    json.root.put("ended", mappings.total());
    json.root.put("kept_one_of", selection.every());
    json.root.put("matching", selection.matching());
    json.rows(selection, beginNs);
    return json.root;
  }

  private void rows(MappingColumns.Selection selection, long beginNs) {
    ArrayNode device = root.putArray("device");
    ArrayNode task = root.putArray("task");
    ArrayNode kind = root.putArray("kind");
    ArrayNode direction = root.putArray("direction");
    ArrayNode dmaAddr = root.putArray("dma_addr");
    ArrayNode size = root.putArray("size");
    ArrayNode mapped = root.putArray("mapped_offset_ns");
    ArrayNode lifetime = root.putArray("lifetime_ns");
    ArrayNode mappedSequence = root.putArray("mapped_sequence");
    ArrayNode unmappedSequence = root.putArray("unmapped_sequence");
    ArrayNode entriesIn = root.putArray("entries_in");
    ArrayNode entriesOut = root.putArray("entries_out");
    for (MappingColumns.Row row : selection.rows()) {
      device.add(name(row.device()));
      task.add(name(row.task()));
      kind.add(name(row.kind().debugName()));
      direction.add(name(row.direction().name()));
      dmaAddr.add("0x" + Long.toHexString(row.dmaAddr()));
      size.add(row.sizeBytes());
      mapped.add(row.mappedNs() - beginNs);
      lifetime.add(row.unmappedNs() - row.mappedNs());
      mappedSequence.add(row.mappedSequence());
      unmappedSequence.add(row.unmappedSequence());
      entriesIn.add(row.entriesIn());
      entriesOut.add(row.entriesOut());
    }
    ArrayNode names = root.putArray("names");
    nameIndex.keySet().forEach(names::add);
  }

  private int name(String text) {
    return nameIndex.computeIfAbsent(text, _ -> nameIndex.size());
  }
}
