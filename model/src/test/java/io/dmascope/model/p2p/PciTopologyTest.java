package io.dmascope.model.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.p2p.PciTopology.AllowedHostBridge;
import io.dmascope.model.p2p.PciTopology.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PciTopologyTest {

  /**
   * RP0: USP -> {DSP0 -> A, A1; DSP1 -> B}; RP1 -> C; RP3 -> G; F on the root bus, all host 0; RP2
   * -> E on host 1. Allowed host bridges are numbers, {@code =} for REQ_SAME_HOST_BRIDGE, {@code
   * zen} for the CPU.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "P1, A, A, '', '', BUS_ADDR, 0",
    "P2, A, A1, '', '', BUS_ADDR, 2",
    "P3, A, B, '', '', BUS_ADDR, 4",
    "P4, A, B, DSP0 DSP1, '', NOT_SUPPORTED, 4",
    "P5, A, B, DSP0 DSP1, zen, THRU_HOST_BRIDGE, 4",
    "P6, A, B, DSP1, 0=, THRU_HOST_BRIDGE, 4",
    "P7, A, C, '', 0=, THRU_HOST_BRIDGE, 6",
    "P8, A, E, '', 0= 1=, NOT_SUPPORTED, 6",
    "P9, A, E, '', 0 1, THRU_HOST_BRIDGE, 6",
    "P10, A, E, '', 0, NOT_SUPPORTED, 6",
    "P11, A, C, '', '', NOT_SUPPORTED, 6",
    "P12, A, C, '', zen, THRU_HOST_BRIDGE, 6",
    "P13, A, B, RP0, '', BUS_ADDR, 4",
    "P14, A, B, USP, '', NOT_SUPPORTED, 4",
    "P15, B, A, USP, 0, THRU_HOST_BRIDGE, 4",
    "P16, A, F, '', 0, THRU_HOST_BRIDGE, 5",
    "P17, A, A, A, '', NOT_SUPPORTED, 0",
    "P18, C, G, '', '', NOT_SUPPORTED, 4"
  })
  void goldenPath_isTheKernels(
      String id,
      String provider,
      String client,
      String redirecting,
      String allowed,
      P2pMapType mapType,
      int distance) {
    PciTopology topology = topology(words(redirecting), words(allowed));

    assertThat(topology.path(provider, client)).contains(new P2pPath(mapType, distance));
  }

  @Test
  void aClientThatIsNoPciDevice_hasNoPath() {
    assertThat(topology(Set.of(), Set.of()).path("A", "udmabuf")).isEmpty();
  }

  @Test
  void aDeviceAboveItself_isRefused() {
    List<Device> loop = List.of(device("X", "Y", 0, Set.of()), device("Y", "X", 0, Set.of()));

    assertThatThrownBy(() -> new PciTopology(loop, List.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above itself");
  }

  @Test
  void aMissingBridge_isRefused() {
    assertThatThrownBy(
            () -> new PciTopology(List.of(device("X", "Y", 0, Set.of())), List.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such bridge");
  }

  private static PciTopology topology(Set<String> redirecting, Set<String> allowed) {
    List<Device> devices =
        Stream.of(
                "RP0:",
                "USP:RP0",
                "DSP0:USP",
                "DSP1:USP",
                "A:DSP0",
                "A1:DSP0",
                "B:DSP1",
                "RP1:",
                "C:RP1",
                "RP3:",
                "G:RP3",
                "F:",
                "RP2:",
                "E:RP2")
            .map(text -> text.split(":", -1))
            .map(
                parts ->
                    device(
                        parts[0],
                        parts[1],
                        parts[0].equals("RP2") || parts[0].equals("E") ? 1 : 0,
                        redirecting))
            .toList();
    List<AllowedHostBridge> bridges =
        allowed.stream()
            .filter(word -> !word.equals("zen"))
            .map(
                word ->
                    new AllowedHostBridge(
                        Integer.parseInt(word.replace("=", "")), word.endsWith("=")))
            .toList();
    return new PciTopology(devices, bridges, allowed.contains("zen"));
  }

  private static Device device(
      String name, String upstream, int hostBridge, Set<String> redirecting) {
    Optional<String> bridge = upstream.isEmpty() ? Optional.empty() : Optional.of(upstream);
    return new Device(name, bridge, hostBridge, redirecting.contains(name));
  }

  private static Set<String> words(String text) {
    return Set.copyOf(Arrays.stream(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList());
  }
}
