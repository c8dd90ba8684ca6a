package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RigManifestJsonTest {
  private static final Path EVERY_MEMBER = Path.of("../golden/rig/every-member.manifest.json");

  @Test
  void everyMember_readAndWritten_isTheSameDocument() throws IOException {
    String document = Files.readString(EVERY_MEMBER);

    assertThat(RigManifestJson.write(read(document).manifest())).isEqualTo(document);
    assertThat(read(document).unknownKeys()).isEmpty();
  }

  @Test
  void everyMember_coversTheSchemaAndPassesIt() throws IOException {
    String document = Files.readString(EVERY_MEMBER);
    ManifestSchema schema = new ManifestSchema();

    assertThat(ManifestSchema.membersOf(document))
        .containsExactlyInAnyOrderElementsOf(schema.members());
    assertThat(schema.problems(document)).isEmpty();
  }

  @Test
  void emptyObject_isTheUnknownRig() throws IOException {
    assertThat(read("{}").manifest()).isEqualTo(RigManifest.UNKNOWN);
    assertThat(new ManifestSchema().problems("{}")).isEmpty();
  }

  @Test
  void nullMember_isMissing() throws IOException {
    assertThat(read("{\"cpu\": null, \"devices\": null}").manifest())
        .isEqualTo(RigManifest.UNKNOWN);
  }

  @Test
  void address_aboveSignedRange_isKept() throws IOException {
    RigDevice device = read(Files.readString(EVERY_MEMBER)).manifest().devices().getFirst();

    assertThat(device.dmaLimits().busLimitAddr()).hasValue(-1L);
    assertThat(device.pci().orElseThrow().bars().getFirst().busOffset()).hasValue(-0x10000000L);
  }

  @Test
  void groupOf_device_isFoundByItsNumber() throws IOException {
    RigManifest manifest = read(Files.readString(EVERY_MEMBER)).manifest();

    assertThat(manifest.groupOf(manifest.device("0000:03:00.0").orElseThrow()))
        .get()
        .extracting(group -> group.domainType().orElseThrow())
        .isEqualTo(RigIommuGroup.DomainType.DMA_FQ);
  }

  @Test
  void unknownMember_isIgnoredAndNamed() throws IOException {
    RigManifestJson.Reading reading =
        read("{\"kernelRelease\": \"6.12\", \"devices\": [{\"name\": \"a\", \"nmae/x\": 1}]}");

    assertThat(reading.unknownKeys()).containsExactly("/devices/0/nmae~1x");
    assertThat(reading.manifest().kernelRelease()).isEqualTo("6.12");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[]|the document is not an object: []",
        "{\"kernelRelease\": 6}|/kernelRelease is not a string: 6",
        "{\"devices\": {}}|/devices is not an array: {}",
        "{\"devices\": [7]}|/devices/0 is not an object: 7",
        "{\"devices\": [{}]}|/devices/0/name is missing",
        "{\"devices\": [{\"name\": \"a\", \"dmaLimits\": {\"dmaMaskBits\": \"64\"}}]}"
            + "|/devices/0/dmaLimits/dmaMaskBits is not an integer from 1 to 64: \"64\"",
        "{\"devices\": [{\"name\": \"a\", \"dmaLimits\": {\"dmaMaskBits\": 65}}]}"
            + "|/devices/0/dmaLimits/dmaMaskBits is not an integer from 1 to 64: 65",
        "{\"devices\": [{\"name\": \"a\", \"coherent\": 1}]}"
            + "|/devices/0/coherent is not true or false: 1",
        "{\"swiotlb\": {\"slots\": -1}}|/swiotlb/slots is not an integer from 0: -1",
        "{\"swiotlb\": {\"slots\": 1.5}}|/swiotlb/slots is not an integer from 0: 1.5",
        "{\"swiotlb\": {\"slots\": 99999999999999999999}}|/swiotlb/slots is not an integer from 0",
        "{\"swiotlb\": {\"startAddr\": 4096}}"
            + "|/swiotlb/startAddr is not a string of 0x and 1 to 16 hexadecimal digits: 4096",
        "{\"swiotlb\": {\"startAddr\": \"0x\"}}|/swiotlb/startAddr is not a string of 0x",
        "{\"swiotlb\": {\"startAddr\": \"0x12345678123456781\"}}|/swiotlb/startAddr is not a string",
        "{\"devices\": [{\"name\": \"a\", \"pci\": {\"vendorId\": \"0x12345\"}}]}"
            + "|/devices/0/pci/vendorId is not a number of 16 bits",
        "{\"iommuGroups\": [{\"id\": 1, \"domainType\": \"lazy\"}]}"
            + "|/iommuGroups/0/domainType is not one of DMA, DMA-FQ, blocked, identity, unmanaged",
        "{\"memoryMap\": [{\"startAddr\": \"0x2\", \"lastAddr\": \"0x1\", \"name\": \"x\"}]}"
            + "|/memoryMap/0/lastAddr is below startAddr: 0x1 < 0x2",
        "{\"tracing\": {\"enabledEvents\": [\"a\", 2]}}|/tracing/enabledEvents/1 is not a string: 2",
        "{\"version\": 2}|/version is 2, and this dmascope reads up to 1",
        "{\"version\": 1, \"version\": 1}|no JSON at line 1, column",
        "{\"version\": 1} trailing|no JSON at line 1, column",
        "{\"version\": |no JSON at line 1, column",
      })
  void wrongDocument_isAnErrorWithItsPlace(String document, String message) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("manifest: ");
  }

  @Test
  void emptyDocument_isAnError() {
    assertThatThrownBy(() -> read("")).isInstanceOf(UnusableInputException.class);
  }

  @Test
  void deepNesting_isAnErrorNotAStackOverflow() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("no JSON");
  }

  private static RigManifestJson.Reading read(String document) throws IOException {
    return RigManifestJson.read(
        new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
  }
}
