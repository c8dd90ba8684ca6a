package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.HardwareModel;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.machine.Peer;
import io.dmascope.producer.synthetic.machine.Place;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
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
  BOARD("a board's network port and card reader, whose DMA the caches do not snoop"),
  MIX("a whole machine: NVMe, network, SATA, USB, and a card that bounces");

  private static final long ANY_SIZE = 0xffff_ffffL;
  private static final long MASK_40_BIT = 0xff_ffff_ffffL;
  private static final long MASK_32_BIT = 0xffff_ffffL;
  private static final int REGISTER_BYTES = 0x100;

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
      case AHCI, BOARD -> new Load(16, 400_000);
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
      case NVME -> List.of(new NvmeDriver(nvme(machine), load, sizes, modern));
      case NIC ->
          List.of(new NicDriver(pci(machine, HardwareModel.NIC), load, sizes, modern, modern));
      case AHCI -> List.of(new ScsiDriver(pci(machine, HardwareModel.AHCI), load, sizes));
      case USB -> List.of(new UsbDriver(pci(machine, HardwareModel.XHCI), load, sizes));
      case GPU -> List.of(new GpuDriver(gpu(machine), load, sizes));
      case P2P_SWITCH -> List.of(peer(machine, load, Place.SWITCH));
      case P2P_BRIDGE -> List.of(peer(machine, load, Place.ROOT_PORT));
      case RDMA -> List.of(new RdmaDriver(rdma(machine), load, sizes));
      case BOUNCE -> List.of(new NicDriver(narrow(machine), load, sizes, true, false));
      case BOARD -> board(machine, load, sizes);
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

  private static Driver peer(Machine machine, Load load, Place place) {
    Peer provider = machine.plugPeer(HardwareModel.GPU, place);
    // Neither of them lends anything, unless somebody does what is wrong.
    machine.plugPeer(HardwareModel.GPU, place);
    machine.plugPeer(HardwareModel.GPU, Place.OTHER_ROOT);
    return new PeerDriver(
        machine.plug(HardwareModel.RDMA, place, Profile::rdmaLimits),
        load,
        provider,
        place == Place.SWITCH);
  }

  /** Devices of a board whose caches do not snoop: their drivers have to say when. */
  private static List<Driver> board(Machine machine, Load load, Sizes sizes) {
    UnaryOperator<DeviceParameters> limits = p -> p.withCoherent(false).withDmaMask(MASK_40_BIT);
    DmaDevice ethernet =
        machine.solder(at(machine, "fe1c%04x.ethernet"), HardwareModel.ETHERNET, limits);
    DmaDevice mmc = machine.solder(at(machine, "fe31%04x.mmc"), HardwareModel.MMC, limits);
    Load half = new Load(Math.max(1, load.queueDepth() / 2), load.latencyNs());
    return List.of(
        new NicDriver(ethernet, half, sizes, machine.generation() == Generation.V7_3, false),
        new ScsiDriver(mmc, half, sizes));
  }

  /** The name of the board's next pair of devices, by the address of its registers. */
  private static String at(Machine machine, String name) {
    return name.formatted(machine.devices().size() / 2 * REGISTER_BYTES);
  }

  private static DmaDevice pci(Machine machine, HardwareModel model) {
    return machine.plug(model, UnaryOperator.identity());
  }

  /** NVMe wants the offset in a page kept when it bounces, and takes segments of any size. */
  private static DmaDevice nvme(Machine machine) {
    return machine.plug(
        HardwareModel.NVME, p -> p.withMinAlignMask(4095).withMaxSegmentSize(ANY_SIZE));
  }

  private static DmaDevice gpu(Machine machine) {
    return machine.plug(HardwareModel.GPU, p -> p.withMaxSegmentSize(ANY_SIZE));
  }

  private static DmaDevice rdma(Machine machine) {
    return machine.plug(HardwareModel.RDMA, Profile::rdmaLimits);
  }

  private static DmaDevice narrow(Machine machine) {
    return machine.plug(HardwareModel.OLD_NIC, p -> p.withDmaMask(MASK_32_BIT));
  }

  private static DeviceParameters rdmaLimits(DeviceParameters usual) {
    return usual.withMaxSegmentSize(1L << 31);
  }
}
