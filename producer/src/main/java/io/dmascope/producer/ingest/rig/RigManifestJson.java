package io.dmascope.producer.ingest.rig;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dmascope.model.rig.ClockPair;
import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.MemoryRange;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.PciFunction.PortType;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigDevice.BlockQueue;
import io.dmascope.model.rig.RigDevice.DmaLimits;
import io.dmascope.model.rig.RigIommu;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rig.SwiotlbPool;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the manifest document ({@code docs/rig-manifest.md}, {@code
 * docs/rig-manifest.schema.json}): strict about types, lenient about members that it does not know.
 */
public final class RigManifestJson {
  /** Larger than any rig's: a device takes about 1 KB, and 4096 devices make 4 MB. */
  static final int DOCUMENT_BYTES_MAX = 32 << 20;

  static final int VERSION = 1;

  private static final int NESTING_MAX = 16;
  private static final int UNKNOWN_KEYS_MAX = 1000;

  static final Map<String, DomainType> DOMAIN_TYPES =
      Map.of(
          "identity", DomainType.IDENTITY,
          "DMA", DomainType.DMA,
          "DMA-FQ", DomainType.DMA_FQ,
          "blocked", DomainType.BLOCKED,
          "unmanaged", DomainType.UNMANAGED);

  static final Map<String, PortType> PORT_TYPES =
      Map.of(
          "endpoint", PortType.ENDPOINT,
          "legacy-endpoint", PortType.LEGACY_ENDPOINT,
          "root-port", PortType.ROOT_PORT,
          "upstream-port", PortType.UPSTREAM_PORT,
          "downstream-port", PortType.DOWNSTREAM_PORT,
          "pcie-to-pci-bridge", PortType.PCIE_TO_PCI_BRIDGE,
          "pci-to-pcie-bridge", PortType.PCI_TO_PCIE_BRIDGE,
          "root-complex-endpoint", PortType.ROOT_COMPLEX_ENDPOINT,
          "root-complex-event-collector", PortType.ROOT_COMPLEX_EVENT_COLLECTOR,
          "conventional", PortType.CONVENTIONAL);

  private static final Map<String, String> ENDIANNESS = Map.of("little", "little", "big", "big");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxDocumentLength(DOCUMENT_BYTES_MAX)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RigManifestJson() {}

  /**
   * What a document said.
   *
   * @param unknownKeys JSON pointers of members that this version does not know, at most {@value
   *     #UNKNOWN_KEYS_MAX}; they are ignored, and a user may want to hear of a misspelt one
   */
  public record Reading(RigManifest manifest, List<String> unknownKeys) {}

  /**
   * Reads one document.
   *
   * @throws UnusableInputException where it is no JSON, or a member has the wrong type; the message
   *     names the line, or the member's JSON pointer
   * @throws IOException where the source itself fails
   */
  public static Reading read(InputStream in) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(in);
    } catch (CharConversionException e) {
      throw new UnusableInputException("manifest: no text: " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new UnusableInputException("manifest: no JSON" + place + ": " + firstLine(e), e);
    }
    List<String> unknownKeys = new ArrayList<>();
    RigManifest manifest = new JsonObject(root, "", unknownKeys).bind(RigManifestJson::manifest);
    int known = Math.min(unknownKeys.size(), UNKNOWN_KEYS_MAX);
    return new Reading(manifest, List.copyOf(unknownKeys.subList(0, known)));
  }

  /** The document that {@link #read} turns into an equal manifest; stable to the byte. */
  public static String write(RigManifest manifest) {
    return ManifestWriter.document(manifest).toPrettyString() + "\n";
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  private static RigManifest manifest(JsonObject json) throws UnusableInputException {
    int version = json.number("version", 1, Integer.MAX_VALUE).orElse(VERSION);
    if (version > VERSION) {
      throw new UnusableInputException(
          "manifest: /version is %d, and this dmascope reads up to %d".formatted(version, VERSION));
    }
    return new RigManifest(
        json.text("kernelRelease"),
        json.text("commandLine"),
        json.text("architecture"),
        json.number("pageSizeBytes", 1, 1 << 30),
        json.object("cpu", RigManifestJson::cpu),
        json.objects("devices", RigManifestJson::device),
        json.objects("iommuGroups", RigManifestJson::iommuGroup),
        json.objects("hostBridges", RigManifestJson::hostBridge),
        json.objects("memoryMap", RigManifestJson::memoryRange),
        json.object("swiotlb", RigManifestJson::swiotlb),
        json.object("tracing", RigManifestJson::tracing).orElse(RecordingSetup.UNKNOWN),
        json.named("endianness", ENDIANNESS).orElse(""),
        json.object("iommu", RigManifestJson::iommu),
        json.object("clock", RigManifestJson::clock));
  }

  private static RigIommu iommu(JsonObject json) throws UnusableInputException {
    return new RigIommu(json.text("kind"), json.text("mode"));
  }

  private static ClockPair clock(JsonObject json) throws UnusableInputException {
    return new ClockPair(
        json.requiredText("traceClock"),
        json.requiredCount("traceNs"),
        json.requiredMoment("wallTime"));
  }

  private static RigCpu cpu(JsonObject json) throws UnusableInputException {
    return new RigCpu(
        json.text("vendor"),
        json.number("family", 0, Integer.MAX_VALUE),
        json.number("model", 0, Integer.MAX_VALUE),
        json.number("onlineCount", 1, 1 << 20),
        json.number("cacheLineBytes", 1, 1 << 16));
  }

  private static RigDevice device(JsonObject json) throws UnusableInputException {
    return new RigDevice(
        json.requiredText("name"),
        json.text("bus"),
        json.text("driver"),
        json.text("parent"),
        json.number("iommuGroup", 0, Integer.MAX_VALUE),
        json.flag("coherent"),
        json.object("dmaLimits", RigManifestJson::dmaLimits).orElse(DmaLimits.UNKNOWN),
        json.object("pci", RigManifestJson::pci),
        json.objects("queues", RigManifestJson::queue));
  }

  private static DmaLimits dmaLimits(JsonObject json) throws UnusableInputException {
    return new DmaLimits(
        json.number("dmaMaskBits", 1, 64),
        json.number("coherentMaskBits", 1, 64),
        json.address("busLimitAddr"),
        json.count("maxSegmentSizeBytes"),
        json.address("segmentBoundaryMask"),
        json.address("minAlignMask"));
  }

  private static BlockQueue queue(JsonObject json) throws UnusableInputException {
    return new BlockQueue(
        json.requiredText("disk"),
        json.number("maxSegments", 0, Integer.MAX_VALUE),
        json.count("maxSegmentSizeBytes"),
        json.address("virtBoundaryMask"));
  }

  private static PciFunction pci(JsonObject json) throws UnusableInputException {
    return new PciFunction(
        json.identifier("vendorId", 16),
        json.identifier("deviceId", 16),
        json.identifier("classCode", 24),
        json.named("portType", PORT_TYPES),
        json.object("acs", RigManifestJson::acs),
        json.objects("bars", RigManifestJson::bar),
        json.object("p2pMemory", RigManifestJson::p2pMemory));
  }

  private static PciFunction.Acs acs(JsonObject json) throws UnusableInputException {
    return new PciFunction.Acs(
        json.requiredFlag("capable"),
        json.flag("requestRedirect").orElse(false),
        json.flag("completionRedirect").orElse(false),
        json.flag("egressControl").orElse(false));
  }

  private static PciFunction.Bar bar(JsonObject json) throws UnusableInputException {
    return new PciFunction.Bar(
        json.requiredNumber("index", 0, 6),
        json.requiredAddress("startAddr"),
        json.requiredCount("sizeBytes"),
        json.address("busAddr"),
        json.flag("prefetchable").orElse(false));
  }

  private static PciFunction.P2pMemory p2pMemory(JsonObject json) throws UnusableInputException {
    return new PciFunction.P2pMemory(json.count("sizeBytes"), json.flag("published"));
  }

  private static RigIommuGroup iommuGroup(JsonObject json) throws UnusableInputException {
    return new RigIommuGroup(
        json.requiredNumber("id", 0, Integer.MAX_VALUE),
        json.named("domainType", DOMAIN_TYPES),
        json.objects("reserved", RigManifestJson::reserved));
  }

  private static RigIommuGroup.Reserved reserved(JsonObject json) throws UnusableInputException {
    long startAddr = json.requiredAddress("startAddr");
    long lastAddr = json.requiredAddress("lastAddr");
    json.requireOrder("startAddr", startAddr, "lastAddr", lastAddr);
    return new RigIommuGroup.Reserved(startAddr, lastAddr, json.text("kind"));
  }

  private static HostBridge hostBridge(JsonObject json) throws UnusableInputException {
    return new HostBridge(
        json.requiredText("name"), json.objects("windows", RigManifestJson::window));
  }

  private static HostBridge.Window window(JsonObject json) throws UnusableInputException {
    long startAddr = json.requiredAddress("startAddr");
    long lastAddr = json.requiredAddress("lastAddr");
    json.requireOrder("startAddr", startAddr, "lastAddr", lastAddr);
    return new HostBridge.Window(startAddr, lastAddr);
  }

  private static MemoryRange memoryRange(JsonObject json) throws UnusableInputException {
    long startAddr = json.requiredAddress("startAddr");
    long lastAddr = json.requiredAddress("lastAddr");
    json.requireOrder("startAddr", startAddr, "lastAddr", lastAddr);
    return new MemoryRange(
        startAddr, lastAddr, json.requiredText("name"), json.number("depth", 0, 64).orElse(0));
  }

  private static SwiotlbPool swiotlb(JsonObject json) throws UnusableInputException {
    return new SwiotlbPool(
        json.address("startAddr"), json.address("lastAddr"), json.count("slots"));
  }

  private static RecordingSetup tracing(JsonObject json) throws UnusableInputException {
    return new RecordingSetup(
        json.text("recorder"),
        json.text("clock"),
        json.count("bufferSizeKb"),
        json.texts("availableEvents"),
        json.texts("enabledEvents"),
        json.texts("deviceFilter").orElse(List.of()),
        json.objects("buffers", RigManifestJson::buffer));
  }

  private static RecordingSetup.CpuBuffer buffer(JsonObject json) throws UnusableInputException {
    return new RecordingSetup.CpuBuffer(
        json.requiredNumber("cpu", 0, 1 << 20),
        json.count("entries"),
        json.count("overrun"),
        json.count("commitOverrun"),
        json.count("droppedEvents"),
        json.count("readEvents"));
  }
}
