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
    for (JsonNode entry : array(vector, "input")) {
      P2pMapType type = entry.has("bus") ? P2pMapType.BUS_ADDR : P2pMapType.NONE;
      long bus = entry.has("bus") ? hex(entry, "bus") : 0;
      input.add(hex(entry, "phys"), hex(entry, "len"), type, bus);
    }
    IommuSgLayout layout =
        IommuSgLayout.of(
            input,
            powerOfTwo(vector, "granule"),
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
    for (JsonNode range : array(vector, "reserved")) {
      reserved.add(new IommuParameters.AddressRange(hex(range, "first"), hex(range, "last")));
    }
    IovaSpace space =
        new IovaSpace(
            new IommuParameters(
                powerOfTwo(vector, "granule"),
                0,
                OptionalLong.empty(),
                reserved,
                IommuParameters.FlushPolicy.STRICT),
            0);
    Prefer32Bit prefer = new Prefer32Bit(flag(vector, "pci_32bit_first"));
    Map<String, Allocated> live = new HashMap<>();
    ObjectNode result = object();
    ArrayNode ops = result.putArray("ops");
    for (JsonNode op : array(vector, "ops")) {
      String name = text(op, "name");
      ObjectNode done = ops.addObject().put("op", text(op, "op")).put("name", name);
      switch (text(op, "op")) {
        case "free" -> {
          Allocated block = live.remove(name);
          if (block != null) {
            space.free(block.iova(), block.sizeBytes(), Moment.START);
          }
        }
        case "alloc" -> {
          long size = hex(op, "size");
          OptionalLong iova = prefer.allocate(space, size, hex(op, "limit"), Moment.START);
          iova.ifPresentOrElse(
              addr -> {
                live.put(name, new Allocated(addr, size));
                done.put("iova", hex(addr));
              },
              () -> done.putNull("iova"));
        }
        default ->
            throw new VectorException("there is no such step [op=%s]".formatted(text(op, "op")));
      }
    }
    return result;
  }

  static ObjectNode iommuPageSplit(JsonNode vector) {
    long bitmap = hex(vector, "page_size_bitmap");
    long iova = hex(vector, "iova");
    long phys = hex(vector, "phys");
    long size = hex(vector, "size");
    // iommu_map() refuses what no page size divides.
    if (bitmap == 0 || ((iova | phys | size) & (Long.lowestOneBit(bitmap) - 1)) != 0) {
      return object().put("error", bitmap == 0 ? "ENODEV" : "EINVAL");
    }
    ObjectNode result = object();
    ArrayNode steps = result.putArray("steps");
    for (PageSizeSplit.Step step : PageSizeSplit.split(bitmap, iova, phys, size)) {
      steps.addObject().put("page_size", hex(step.pageSizeBytes())).put("count", step.count());
    }
    return result;
  }

  static ObjectNode p2pdmaMapType(JsonNode vector) {
    List<PciTopology.Device> devices = new ArrayList<>();
    for (JsonNode device : array(vector, "devices")) {
      JsonNode upstream = required(device, "upstream");
      devices.add(
          new PciTopology.Device(
              text(device, "name"),
              upstream.isNull() ? Optional.empty() : Optional.of(text(device, "upstream")),
              number(device, "host_bridge"),
              flag(device, "acs_redirect")));
    }
    List<PciTopology.AllowedHostBridge> allowed = new ArrayList<>();
    for (JsonNode bridge : array(vector, "host_bridge_allow_list")) {
      allowed.add(
          new PciTopology.AllowedHostBridge(
              number(bridge, "host_bridge"), flag(bridge, "require_same_host_bridge")));
    }
    PciTopology topology = new PciTopology(devices, allowed, flag(vector, "cpu_is_amd_zen"));
    return topology
        .path(text(vector, "provider"), text(vector, "client"))
        .map(
            path ->
                object().put("map_type", path.mapType().name()).put("distance", path.distance()))
        // pci_p2pdma_map_type() of a client that is no PCI device.
        .orElseGet(() -> object().put("map_type", "NOT_SUPPORTED").put("distance", -1));
  }

  static ObjectNode rdmaBestPageSize(JsonNode vector) {
    JsonNode dma = array(vector, "dma");
    long[] addrs = new long[dma.size()];
    long[] lengths = new long[dma.size()];
    for (int i = 0; i < dma.size(); i++) {
      addrs[i] = hex(dma.get(i), "addr");
      lengths[i] = u32(dma.get(i), "len");
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
    JsonNode frames = array(vector, "page_frames");
    long[] pageFrames = new long[frames.size()];
    for (int i = 0; i < frames.size(); i++) {
      pageFrames[i] = parse(frames.get(i), "page_frames");
    }
    long size = hex(vector, "size");
    ObjectNode result = object();
    ArrayNode entries = result.putArray("entries");
    // A few vectors ask for a negative size. The kernel would take it for a huge one; the reference
    // that they were computed with kept the sign.
    boolean built =
        PagesToSg.forEachEntry(
            pageFrames,
            hex(vector, "offset"),
            size,
            hex(vector, "max_segment"),
            (phys, length) ->
                entries
                    .addObject()
                    .put("phys", hex(phys))
                    .put("len", signedHex(size < 0 ? Math.min(size, length) : length)));
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

  private static JsonNode array(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.isArray()) {
      throw new VectorException("value is no array [field=%s] [value=%s]".formatted(field, value));
    }
    return value;
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.isTextual()) {
      throw new VectorException("value is no text [field=%s] [value=%s]".formatted(field, value));
    }
    return value.asText();
  }

  private static boolean flag(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.isBoolean()) {
      throw new VectorException(
          "value is neither true nor false [field=%s] [value=%s]".formatted(field, value));
    }
    return value.asBoolean();
  }

  private static int number(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new VectorException("value is no number [field=%s] [value=%s]".formatted(field, value));
    }
    return value.asInt();
  }

  /** A length of {@code struct scatterlist}. */
  private static long u32(JsonNode node, String field) {
    long value = hex(node, field);
    if (value < 0 || value > 0xffffffffL) {
      throw new VectorException(
          "value is no 32-bit number [field=%s] [value=%s]".formatted(field, hex(value)));
    }
    return value;
  }

  /** A power of two, as granules are. */
  private static long powerOfTwo(JsonNode node, String field) {
    long value = hex(node, field);
    if (Long.bitCount(value) != 1) {
      throw new VectorException(
          "value is no power of two [field=%s] [value=%s]".formatted(field, hex(value)));
    }
    return value;
  }

  private static long hex(JsonNode node, String field) {
    return parse(required(node, field), field);
  }

  /** Reads {@code 0x1f}, unsigned; a minus sign and decimal numbers are understood as well. */
  private static long parse(JsonNode value, String field) {
    String text = value.isContainerNode() ? value.toString() : value.asText();
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
