package io.dmascope.producer.ingest.rig;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.rig.ClockPair;
import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.MemoryRange;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigDevice.BlockQueue;
import io.dmascope.model.rig.RigDevice.DmaLimits;
import io.dmascope.model.rig.RigIommu;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rig.SwiotlbPool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** Builds the manifest document; members without a value are left out. */
final class ManifestWriter {
  private static final long NS_PER_S = 1_000_000_000L;

  private ManifestWriter() {}

  static ObjectNode document(RigManifest manifest) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", RigManifestJson.VERSION);
    text(json, "kernelRelease", manifest.kernelRelease());
    text(json, "commandLine", manifest.commandLine());
    text(json, "architecture", manifest.architecture());
    number(json, "pageSizeBytes", manifest.pageSizeBytes());
    object(json, "cpu", manifest.cpu(), ManifestWriter::cpu);
    objects(json, "devices", manifest.devices(), ManifestWriter::device);
    objects(json, "iommuGroups", manifest.iommuGroups(), ManifestWriter::iommuGroup);
    objects(json, "hostBridges", manifest.hostBridges(), ManifestWriter::hostBridge);
    objects(json, "memoryMap", manifest.memoryMap(), ManifestWriter::memoryRange);
    object(json, "swiotlb", manifest.swiotlb(), ManifestWriter::swiotlb);
    if (!manifest.tracing().equals(RecordingSetup.UNKNOWN)) {
      tracing(json.putObject("tracing"), manifest.tracing());
    }
    text(json, "endianness", manifest.endianness());
    object(json, "iommu", manifest.iommu(), ManifestWriter::iommu);
    object(json, "clock", manifest.clock(), ManifestWriter::clock);
    return json;
  }

  private static void iommu(ObjectNode json, RigIommu iommu) {
    text(json, "kind", iommu.kind());
    text(json, "mode", iommu.mode());
  }

  private static void clock(ObjectNode json, ClockPair clock) {
    json.put("traceClock", clock.traceClock());
    json.put("traceNs", clock.traceNs());
    Instant moment =
        Instant.ofEpochSecond(
            Math.floorDiv(clock.wallNs(), NS_PER_S), Math.floorMod(clock.wallNs(), NS_PER_S));
    json.put("wallTime", moment.toString());
  }

  private static void cpu(ObjectNode json, RigCpu cpu) {
    text(json, "vendor", cpu.vendor());
    number(json, "family", cpu.family());
    number(json, "model", cpu.model());
    number(json, "onlineCount", cpu.onlineCount());
    number(json, "cacheLineBytes", cpu.cacheLineBytes());
  }

  private static void device(ObjectNode json, RigDevice device) {
    json.put("name", device.name());
    text(json, "bus", device.bus());
    text(json, "driver", device.driver());
    text(json, "parent", device.parent());
    number(json, "iommuGroup", device.iommuGroup());
    flag(json, "coherent", device.coherent());
    if (!device.dmaLimits().equals(DmaLimits.UNKNOWN)) {
      dmaLimits(json.putObject("dmaLimits"), device.dmaLimits());
    }
    object(json, "pci", device.pci(), ManifestWriter::pci);
    objects(json, "queues", device.queues(), ManifestWriter::queue);
  }

  private static void dmaLimits(ObjectNode json, DmaLimits limits) {
    number(json, "dmaMaskBits", limits.dmaMaskBits());
    number(json, "coherentMaskBits", limits.coherentMaskBits());
    address(json, "busLimitAddr", limits.busLimitAddr());
    count(json, "maxSegmentSizeBytes", limits.maxSegmentSizeBytes());
    address(json, "segmentBoundaryMask", limits.segmentBoundaryMask());
    address(json, "minAlignMask", limits.minAlignMask());
  }

  private static void queue(ObjectNode json, BlockQueue queue) {
    json.put("disk", queue.disk());
    number(json, "maxSegments", queue.maxSegments());
    count(json, "maxSegmentSizeBytes", queue.maxSegmentSizeBytes());
    address(json, "virtBoundaryMask", queue.virtBoundaryMask());
  }

  private static void pci(ObjectNode json, PciFunction pci) {
    identifier(json, "vendorId", pci.vendorId());
    identifier(json, "deviceId", pci.deviceId());
    identifier(json, "classCode", pci.classCode());
    pci.portType().ifPresent(type -> json.put("portType", key(RigManifestJson.PORT_TYPES, type)));
    object(json, "acs", pci.acs(), ManifestWriter::acs);
    objects(json, "bars", pci.bars(), ManifestWriter::bar);
    object(json, "p2pMemory", pci.p2pMemory(), ManifestWriter::p2pMemory);
  }

  private static void acs(ObjectNode json, PciFunction.Acs acs) {
    json.put("capable", acs.capable());
    json.put("requestRedirect", acs.requestRedirect());
    json.put("completionRedirect", acs.completionRedirect());
    json.put("egressControl", acs.egressControl());
  }

  private static void bar(ObjectNode json, PciFunction.Bar bar) {
    json.put("index", bar.index());
    json.put("startAddr", hex(bar.startAddr()));
    json.put("sizeBytes", bar.sizeBytes());
    address(json, "busAddr", bar.busAddr());
    json.put("prefetchable", bar.prefetchable());
  }

  private static void p2pMemory(ObjectNode json, PciFunction.P2pMemory memory) {
    count(json, "sizeBytes", memory.sizeBytes());
    flag(json, "published", memory.published());
  }

  private static void iommuGroup(ObjectNode json, RigIommuGroup group) {
    json.put("id", group.id());
    group
        .domainType()
        .ifPresent(type -> json.put("domainType", key(RigManifestJson.DOMAIN_TYPES, type)));
    objects(json, "reserved", group.reserved(), ManifestWriter::reserved);
  }

  private static void reserved(ObjectNode json, RigIommuGroup.Reserved reserved) {
    json.put("startAddr", hex(reserved.startAddr()));
    json.put("lastAddr", hex(reserved.lastAddr()));
    text(json, "kind", reserved.kind());
  }

  private static void hostBridge(ObjectNode json, HostBridge bridge) {
    json.put("name", bridge.name());
    objects(json, "windows", bridge.windows(), ManifestWriter::window);
  }

  private static void window(ObjectNode json, HostBridge.Window window) {
    json.put("startAddr", hex(window.startAddr()));
    json.put("lastAddr", hex(window.lastAddr()));
  }

  private static void memoryRange(ObjectNode json, MemoryRange range) {
    json.put("startAddr", hex(range.startAddr()));
    json.put("lastAddr", hex(range.lastAddr()));
    json.put("name", range.name());
    json.put("depth", range.depth());
  }

  private static void swiotlb(ObjectNode json, SwiotlbPool pool) {
    address(json, "startAddr", pool.startAddr());
    address(json, "lastAddr", pool.lastAddr());
    count(json, "slots", pool.slots());
  }

  private static void tracing(ObjectNode json, RecordingSetup tracing) {
    text(json, "recorder", tracing.recorder());
    text(json, "clock", tracing.clock());
    count(json, "bufferSizeKb", tracing.bufferSizeKb());
    tracing.availableEvents().ifPresent(events -> texts(json, "availableEvents", events));
    tracing.enabledEvents().ifPresent(events -> texts(json, "enabledEvents", events));
    if (!tracing.deviceFilter().isEmpty()) {
      texts(json, "deviceFilter", tracing.deviceFilter());
    }
    objects(json, "buffers", tracing.buffers(), ManifestWriter::buffer);
  }

  private static void buffer(ObjectNode json, RecordingSetup.CpuBuffer buffer) {
    json.put("cpu", buffer.cpu());
    count(json, "entries", buffer.entries());
    count(json, "overrun", buffer.overrun());
    count(json, "commitOverrun", buffer.commitOverrun());
    count(json, "droppedEvents", buffer.droppedEvents());
    count(json, "readEvents", buffer.readEvents());
  }

  private static void text(ObjectNode json, String key, String value) {
    if (!value.isEmpty()) {
      json.put(key, value);
    }
  }

  private static void number(ObjectNode json, String key, OptionalInt value) {
    value.ifPresent(number -> json.put(key, number));
  }

  private static void count(ObjectNode json, String key, OptionalLong value) {
    value.ifPresent(count -> json.put(key, count));
  }

  private static void address(ObjectNode json, String key, OptionalLong value) {
    value.ifPresent(address -> json.put(key, hex(address)));
  }

  private static void identifier(ObjectNode json, String key, OptionalInt value) {
    value.ifPresent(identifier -> json.put(key, hex(identifier)));
  }

  private static void flag(ObjectNode json, String key, Optional<Boolean> value) {
    value.ifPresent(flag -> json.put(key, flag));
  }

  private static void texts(ObjectNode json, String key, List<String> values) {
    ArrayNode array = json.putArray(key);
    values.forEach(array::add);
  }

  private static <T> void object(
      ObjectNode json, String key, Optional<T> value, BiConsumer<ObjectNode, T> fill) {
    value.ifPresent(present -> fill.accept(json.putObject(key), present));
  }

  private static <T> void objects(
      ObjectNode json, String key, List<T> values, BiConsumer<ObjectNode, T> fill) {
    if (values.isEmpty()) {
      return;
    }
    ArrayNode array = json.putArray(key);
    values.forEach(value -> fill.accept(array.addObject(), value));
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  private static <E> String key(Map<String, E> names, E value) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
