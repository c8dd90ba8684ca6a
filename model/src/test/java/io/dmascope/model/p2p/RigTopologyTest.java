package io.dmascope.model.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RigTopologyTest {
  private static final long BAR = 0xe0000000L;

  @Test
  void peersBelowOneSwitch_useTheBus() {
    PciTopology topology = RigTopology.of(rig("GenuineIntel", 6, 0x1234));

    assertThat(topology.path("0000:02:00.0", "0000:02:01.0"))
        .contains(new P2pPath(P2pMapType.BUS_ADDR, 2));
  }

  @Test
  void peersOnDifferentPorts_needAListedBridgeOrAZenCpu() {
    assertThat(path(rig("GenuineIntel", 6, 0x1234))).isEqualTo(P2pMapType.NOT_SUPPORTED);
    assertThat(path(rig("GenuineIntel", 6, 0x2030))).isEqualTo(P2pMapType.THRU_HOST_BRIDGE);
    assertThat(path(rig("AuthenticAMD", 0x19, 0x1234))).isEqualTo(P2pMapType.THRU_HOST_BRIDGE);
  }

  @ParameterizedTest
  @CsvSource({
    "0x2030, 6.12.107+deb13-amd64, THRU_HOST_BRIDGE",
    "0x0b25, 6.12.107+deb13-amd64, NOT_SUPPORTED",
    "0x0b25, 7.3.4, THRU_HOST_BRIDGE",
    "0x4948, 7.3.4, THRU_HOST_BRIDGE",
    "0x4941, 7.3.4, NOT_SUPPORTED",
    "0x11fb, '', THRU_HOST_BRIDGE",
  })
  void theListOfHostBridges_isThatOfTheKernel(String device, String release, P2pMapType expected) {
    assertThat(path(rig("GenuineIntel", 6, Integer.decode(device), release))).isEqualTo(expected);
  }

  @Test
  void aNumberOfTheKernel_meansAnotherTypeIn612() {
    assertThat(P2pMapType.ofNumber(2, false)).contains(P2pMapType.NOT_SUPPORTED);
    assertThat(P2pMapType.ofNumber(2, true)).contains(P2pMapType.BUS_ADDR);
    assertThat(P2pMapType.ofNumber(0, false)).isEmpty();
    assertThat(P2pMapType.ofNumber(4, true)).isEmpty();
  }

  @Test
  void anAddressInAWindow_hasAnOwnerUntilItGoesAway() {
    PeerMemory memory = PeerMemory.of(rig("GenuineIntel", 6, 0x1234));

    assertThat(memory.owner(BAR + 0xffff)).map(PeerMemory.Owner::device).contains("0000:02:00.0");
    assertThat(memory.owner(BAR + 0x10000)).isEmpty();
    assertThat(memory.busAddr(BAR + 0x10)).hasValue(0xc0000010L);
    memory.remove("0000:02:00.0");
    assertThat(memory.owner(BAR)).isEmpty();
  }

  private static P2pMapType path(RigManifest rig) {
    return RigTopology.of(rig).path("0000:02:00.0", "0000:00:03.0").orElseThrow().mapType();
  }

  private static RigManifest rig(String cpu, int family, int rootDeviceId) {
    return rig(cpu, family, rootDeviceId, "");
  }

  private static RigManifest rig(String cpu, int family, int rootDeviceId, String release) {
    return new RigManifest(
        release,
        "",
        "",
        OptionalInt.empty(),
        Optional.of(
            new RigCpu(
                cpu,
                OptionalInt.of(family),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty())),
        List.of(
            device("0000:00:00.0", "pci0000:00", rootDeviceId, List.of()),
            device("0000:00:01.0", "pci0000:00", 0x10, List.of()),
            device("0000:00:03.0", "pci0000:00", 0x11, List.of()),
            device(
                "0000:02:00.0",
                "0000:00:01.0",
                0x12,
                List.of(new PciFunction.Bar(4, BAR, 0x10000, OptionalLong.of(0xc0000000L), true))),
            device("0000:02:01.0", "0000:00:01.0", 0x13, List.of())),
        List.of(),
        List.of(new HostBridge("pci0000:00", List.of())),
        List.of(),
        Optional.empty(),
        RecordingSetup.UNKNOWN);
  }

  private static RigDevice device(String name, String parent, int id, List<PciFunction.Bar> bars) {
    return new RigDevice(
        name,
        "pci",
        "",
        parent,
        OptionalInt.empty(),
        Optional.empty(),
        RigDevice.DmaLimits.UNKNOWN,
        Optional.of(
            new PciFunction(
                OptionalInt.of(0x8086),
                OptionalInt.of(id),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                bars,
                Optional.empty())),
        List.of());
  }
}
