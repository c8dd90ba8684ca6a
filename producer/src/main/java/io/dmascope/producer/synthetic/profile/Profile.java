package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The workloads there are: which devices a machine has, and what their drivers do. */
public enum Profile {
  NVME("an NVMe disk: pages and lists, a queue for each CPU; the two-step interface on 7.x"),
  NIC("a network card: receive ring, page pool with XDP recycling on 7.x, packets in fragments"),
  AHCI("a SATA host: every command a scatterlist of up to 168 entries"),
  USB("a USB host with a disk: small transfers and scatterlists in turn"),
  GPU("a GPU: TTM buffers mapped block by block, user memory as scatterlists"),
  P2P_SWITCH("an RDMA card that imports a GPU's memory under one switch: bus addresses in lists"),
  P2P_BRIDGE("the same through the host bridge: the peer's memory mapped as a resource"),
  RDMA("an RDMA card: large registrations that live long, huge pages or scattered ones"),
  BOUNCE("a network card that reaches 32 bits only, on a machine with more memory"),
  MIX("a whole machine: NVMe, network, SATA, USB, and a card that bounces");

  /** The first PCI bus of made-up devices. */
  private static final int FIRST_BUS = 1;

  private static final long PEER_BAR = 0x80_0000_0000L;
  private static final int PEER_BAR_CHUNKS = 512;

  private static final long MASK_32_BIT = 0xffff_ffffL;

  private final String description;

  Profile(String description) {
    this.description = description;
  }

  /** What users call it: {@code p2p-switch}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One line for users. */
  public String description() {
    return description;
  }

  /** What drives the profile's devices unless asked otherwise. */
  public Load usualLoad() {
    return switch (this) {
      case NVME -> new Load(16, 80_000);
      case NIC, BOUNCE -> new Load(256, 25_000);
      case AHCI -> new Load(16, 400_000);
      case USB -> new Load(1, 150_000);
      case GPU -> new Load(8, 200_000);
      case P2P_SWITCH, P2P_BRIDGE -> new Load(8, 100_000);
      case RDMA -> new Load(16, 40_000);
      case MIX -> new Load(8, 100_000);
    };
  }

  /** The drivers of the profile's devices, which it plugs into the machine. */
  List<Driver> drivers(Machine machine, Load load, Sizes sizes) {
    boolean modern = machine.generation() == Generation.V7_3;
    return switch (this) {
      case NVME -> List.of(new NvmeDriver(machine.plug(nvme(machine)), load, modern));
      case NIC -> List.of(new NicDriver(machine.plug(nic(machine)), load, modern, modern));
      case AHCI -> List.of(new ScsiDriver(machine.plug(pci(machine)), load));
      case USB -> List.of(new UsbDriver(machine.plug(pci(machine)), load));
      case GPU -> List.of(new GpuDriver(machine.plug(gpu(machine)), load));
      case P2P_SWITCH -> List.of(peer(machine, load, true));
      case P2P_BRIDGE -> List.of(peer(machine, load, false));
      case RDMA ->
          List.of(new RdmaDriver(machine.plug(rdma(machine)), load, sizes.registrationBytesMax()));
      case BOUNCE -> List.of(new NicDriver(machine.plug(narrow(machine)), load, true, false));
      case MIX ->
          Stream.of(NVME, NIC, AHCI, USB, BOUNCE)
              .flatMap(each -> each.drivers(machine, each.mixed(load), sizes).stream())
              .toList();
    };
  }

  private Load mixed(Load load) {
    return new Load(
        Math.max(1, Math.min(load.queueDepth(), usualLoad().queueDepth())), load.latencyNs());
  }

  private static Driver peer(Machine machine, Load load, boolean throughSwitch) {
    return new PeerDriver(
        machine.plug(rdma(machine)), load, throughSwitch, PEER_BAR, PEER_BAR_CHUNKS);
  }

  private static DeviceParameters pci(Machine machine) {
    return DeviceParameters.pci("0000:%02x:00.0".formatted(FIRST_BUS + machine.devices().size()));
  }

  /** NVMe wants the offset in a page kept when it bounces, and takes segments of any size. */
  private static DeviceParameters nvme(Machine machine) {
    return pci(machine).withMinAlignMask(4095).withMaxSegmentSize(0xffff_ffffL);
  }

  private static DeviceParameters nic(Machine machine) {
    return pci(machine);
  }

  private static DeviceParameters gpu(Machine machine) {
    return pci(machine).withMaxSegmentSize(0xffff_ffffL);
  }

  private static DeviceParameters rdma(Machine machine) {
    return pci(machine).withMaxSegmentSize(1L << 31);
  }

  private static DeviceParameters narrow(Machine machine) {
    return pci(machine).withDmaMask(MASK_32_BIT);
  }
}
