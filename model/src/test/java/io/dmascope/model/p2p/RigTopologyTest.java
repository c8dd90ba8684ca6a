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
    return new RigManifest(
        "",
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
