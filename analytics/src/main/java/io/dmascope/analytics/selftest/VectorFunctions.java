package io.dmascope.analytics.selftest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.IovaSpace;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.PageSizeSplit;
import io.dmascope.model.backend.Prefer32Bit;
import io.dmascope.model.consumer.RdmaPageSize;
import io.dmascope.model.event.U64List;
import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.p2p.PciTopology;
import io.dmascope.model.scatterlist.PagesToSg;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One function a kind of vector: reads its inputs, asks the model, writes its outputs. */
final class VectorFunctions {
  private static final int FIRST_BLOCKS = 6;

  private record Allocated(long iova, long sizeBytes) {}

  private VectorFunctions() {}

  static ObjectNode iommuMapSg(JsonNode vector) {
    PhysList input = new PhysList();
    for (JsonNode entry : required(vector, "input")) {
      P2pMapType type = entry.has("bus") ? P2pMapType.BUS_ADDR : P2pMapType.NONE;
      long bus = entry.has("bus") ? hex(entry, "bus") : 0;
      input.add(hex(entry, "phys"), hex(entry, "len"), type, bus);
    }
    IommuSgLayout layout =
        IommuSgLayout.of(
            input,
            hex(vector, "granule"),
            hex(vector, "segment_boundary_mask"),
            hex(vector, "max_segment_size"));
    return switch (layout.at(hex(vector, "iova_base"))) {
      case Mapping mapping -> mapped(mapping);
      case MapResult.Failure failure -> object().put("error", failure.errno().name());
    };
  }

  private static ObjectNode mapped(Mapping mapping) {
    ObjectNode result = object();
    ArrayNode output = result.putArray("output");
    for (int i = 0; i < mapping.ents(); i++) {
      output
          .addObject()
          .put("dma", hex(mapping.dmaAddrs().at(i)))
          .put("len", hex(mapping.lengths().at(i)))
          .put("bus", mapping.isBusAddress(i));
    }
    result.put("iova_len", hex(mapping.iovaSizeBytes()));
    ArrayNode runs = result.putArray("iommu_map");
    mapping
        .pageTableRuns()
        .forEach(
            run ->
                runs.addObject()
                    .put("iova", hex(run.iova()))
                    .put("phys", hex(run.physAddr()))
                    .put("len", hex(run.sizeBytes())));
    return result;
  }

  static ObjectNode iovaAllocator(JsonNode vector) {
    List<IommuParameters.AddressRange> reserved = new ArrayList<>();
    for (JsonNode range : required(vector, "reserved")) {
      reserved.add(new IommuParameters.AddressRange(hex(range, "first"), hex(range, "last")));
    }
    IovaSpace space =
        new IovaSpace(
            new IommuParameters(
                hex(vector, "granule"),
                0,
                OptionalLong.empty(),
                reserved,
                IommuParameters.FlushPolicy.STRICT),
            0);
    Prefer32Bit prefer = new Prefer32Bit(required(vector, "pci_32bit_first").asBoolean());
    Map<String, Allocated> live = new HashMap<>();
    ObjectNode result = object();
    ArrayNode ops = result.putArray("ops");
    for (JsonNode op : required(vector, "ops")) {
      ObjectNode done = op.deepCopy();
      String name = required(op, "name").asText();
      if (required(op, "op").asText().equals("free")) {
        Allocated block = live.remove(name);
        if (block != null) {
          space.free(block.iova(), block.sizeBytes(), Moment.START);
        }
      } else {
        long size = hex(op, "size");
        OptionalLong iova = prefer.allocate(space, size, hex(op, "limit"), Moment.START);
        iova.ifPresentOrElse(
            addr -> {
              live.put(name, new Allocated(addr, size));
              done.put("iova", hex(addr));
            },
            () -> done.putNull("iova"));
      }
      ops.add(done);
    }
    return result;
  }

  static ObjectNode iommuPageSplit(JsonNode vector) {
    ObjectNode result = object();
    ArrayNode steps = result.putArray("steps");
    for (PageSizeSplit.Step step :
        PageSizeSplit.split(
            hex(vector, "page_size_bitmap"),
            hex(vector, "iova"),
            hex(vector, "phys"),
            hex(vector, "size"))) {
      steps.addObject().put("page_size", hex(step.pageSizeBytes())).put("count", step.count());
    }
    return result;
  }

  static ObjectNode p2pdmaMapType(JsonNode vector) {
    List<PciTopology.Device> devices = new ArrayList<>();
    for (JsonNode device : required(vector, "devices")) {
      JsonNode upstream = required(device, "upstream");
      devices.add(
          new PciTopology.Device(
              required(device, "name").asText(),
              upstream.isNull() ? Optional.empty() : Optional.of(upstream.asText()),
              required(device, "host_bridge").asInt(),
              required(device, "acs_redirect").asBoolean()));
    }
    List<PciTopology.AllowedHostBridge> allowed = new ArrayList<>();
    for (JsonNode bridge : required(vector, "host_bridge_allow_list")) {
      allowed.add(
          new PciTopology.AllowedHostBridge(
              required(bridge, "host_bridge").asInt(),
              required(bridge, "require_same_host_bridge").asBoolean()));
    }
    PciTopology topology =
        new PciTopology(devices, allowed, required(vector, "cpu_is_amd_zen").asBoolean());
    return topology
        .path(required(vector, "provider").asText(), required(vector, "client").asText())
        .map(
            path ->
                object().put("map_type", path.mapType().name()).put("distance", path.distance()))
        .orElseGet(() -> object().put("distance", -1));
  }

  static ObjectNode rdmaBestPageSize(JsonNode vector) {
    JsonNode dma = required(vector, "dma");
    long[] addrs = new long[dma.size()];
    long[] lengths = new long[dma.size()];
    for (int i = 0; i < dma.size(); i++) {
      addrs[i] = hex(dma.get(i), "addr");
      lengths[i] = hex(dma.get(i), "len");
    }
    RdmaPageSize region =
        new RdmaPageSize(
            U64List.wrap(addrs),
            U64List.wrap(lengths),
            hex(vector, "address"),
            hex(vector, "length"),
            hex(vector, "virt"));
    long pageSize = region.best(hex(vector, "page_size_bitmap"));
    ObjectNode result = object().put("page_size", hex(pageSize));
    if (pageSize != 0) {
      blocks(region, pageSize, result);
    }
    return result;
  }

  private static void blocks(RdmaPageSize region, long pageSize, ObjectNode result) {
    ArrayNode first = JsonNodeFactory.instance.arrayNode();
    long[] countAndLast = new long[2];
    region.forEachBlock(
        pageSize,
        block -> {
          if (countAndLast[0]++ < FIRST_BLOCKS) {
            first.add(hex(block));
          }
          countAndLast[1] = block;
        });
    result.put("blocks", countAndLast[0]);
    result.set("first_blocks", first);
    result.put("last_block", hex(countAndLast[1]));
  }

  static ObjectNode sgTableFromPages(JsonNode vector) {
    JsonNode frames = required(vector, "page_frames");
    long[] pageFrames = new long[frames.size()];
    for (int i = 0; i < frames.size(); i++) {
      pageFrames[i] = Long.decode(frames.get(i).asText());
    }
    ObjectNode result = object();
    ArrayNode entries = result.putArray("entries");
    // A few vectors ask for a negative size; their reference model kept the sign, so does this.
    boolean built =
        PagesToSg.forEachEntry(
            pageFrames,
            hex(vector, "offset"),
            hex(vector, "size"),
            hex(vector, "max_segment"),
            (phys, length) ->
                entries.addObject().put("phys", hex(phys)).put("len", signedHex(length)));
    return built ? result : object().put("error", "EINVAL");
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static JsonNode required(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new VectorException("field is missing [field=" + field + "]");
    }
    return value;
  }

  private static long hex(JsonNode node, String field) {
    String text = required(node, field).asText();
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text, 2, text.length(), 16)
          : Long.decode(text);
    } catch (NumberFormatException e) {
      throw new VectorException("value is no number [field=%s] [value=%s]".formatted(field, text));
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static String signedHex(long value) {
    return value < 0 ? "-" + hex(-value) : hex(value);
  }
}
