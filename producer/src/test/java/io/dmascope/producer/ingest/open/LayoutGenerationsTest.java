package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One line of every event in every layout that a kernel has printed, v6.12-rc1 to 7.3. */
class LayoutGenerationsTest {
  private static final EventHeader HEADER = new EventHeader(1, 10_000_001_000L, 3, 211, "nvme", 1);
  private static final String DEVICE = "0000:03:00.0";

  private static TraceEvent read(String event) throws Exception {
    Recording read =
        Recording.ofText("            nvme-211     [003] .....    10.000001: " + event + "\n");
    assertThat(read.issues).isEmpty();
    assertThat(read.events()).hasSize(1);
    return read.events().getFirst();
  }

  @Test
  void mapsOfAllThreeFamilies_areMaps() throws Exception {
    for (MapApi api : MapApi.values()) {
      String name = "dma_map_" + api.name().toLowerCase(java.util.Locale.ROOT);
      assertThat(
              read(
                  name
                      + ": 0000:03:00.0 dir=TO_DEVICE dma_addr=fffff200 size=512"
                      + " phys_addr=10200 attrs=SKIP_CPU_SYNC|MMIO"))
          .isEqualTo(
              new DmaMap(
                  HEADER,
                  DEVICE,
                  api,
                  DmaDirection.TO_DEVICE,
                  0xfffff200L,
                  512,
                  0x10200,
                  DmaAttrs.SKIP_CPU_SYNC | DmaAttrs.MMIO));
    }
  }

  @Test
  void aRefusedMapping_hasTheErrorAddress() throws Exception {
    DmaMap map =
        (DmaMap)
            read(
                "dma_map_page: 0000:03:00.0 dir=BIDIRECTIONAL dma_addr=ffffffffffffffff size=8192"
                    + " phys_addr=7ffff000 attrs=");

    assertThat(map.dmaAddr()).isEqualTo(DmaAddress.ERROR);
  }

  @Test
  void unmapsOfAllThreeFamilies_areUnmaps() throws Exception {
    for (MapApi api : MapApi.values()) {
      String name = "dma_unmap_" + api.name().toLowerCase(java.util.Locale.ROOT);
      assertThat(read(name + ": 0000:03:00.0 dir=FROM_DEVICE dma_addr=fffff200 size=512 attrs="))
          .isEqualTo(
              new DmaUnmap(HEADER, DEVICE, api, DmaDirection.FROM_DEVICE, 0xfffff200L, 512, 0));
    }
  }

  @Test
  void mapSgOfTheFirstLayout_countsItsLists() throws Exception {
    assertThat(
            read(
                "dma_map_sg: 0000:03:00.0 dir=FROM_DEVICE dma_addrs={0xf0000000} sizes={0x3000}"
                    + " phys_addrs={0x10000,0x30000,0x50000} attrs="))
        .isEqualTo(
            new DmaMapSg(
                HEADER,
                DEVICE,
                DmaDirection.FROM_DEVICE,
                3,
                1,
                U64List.of(0x10000, 0x30000, 0x50000),
                U64List.of(0xf0000000L),
                U64List.of(0x3000),
                0));
  }

  @Test
  void mapSgWithCounts_keepsTheFullOnes() throws Exception {
    DmaMapSg map =
        (DmaMapSg)
            read(
                "dma_map_sg: 0000:03:00.0 dir=FROM_DEVICE nents=2/300 ents=1/1 [TRUNCATED]"
                    + " dma_addrs={0xf0000000} sizes={0x12c000} phys_addrs={0x10000,0x20000}"
                    + " attrs=");

    assertThat(map.fullNents()).isEqualTo(300);
    assertThat(map.physAddrs().size()).isEqualTo(2);
    assertThat(map.truncated()).isTrue();
  }

  @Test
  void mapSgError_hasPhysicalAddressesWhateverItsLabelSays() throws Exception {
    assertThat(read("dma_map_sg_err: 0000:03:00.0 dir=NONE dma_addrs={0x10000} err=-19 attrs="))
        .isEqualTo(
            new DmaMapSgError(HEADER, DEVICE, DmaDirection.NONE, U64List.of(0x10000), -19, 0));
  }

  @Test
  void unmapSg_hasPhysicalAddressesOnly() throws Exception {
    assertThat(
            read(
                "dma_unmap_sg: 0000:03:00.0 dir=TO_DEVICE phys_addrs={0x10000,0x30000}"
                    + " attrs=SKIP_CPU_SYNC"))
        .isEqualTo(
            new DmaUnmapSg(
                HEADER,
                DEVICE,
                DmaDirection.TO_DEVICE,
                U64List.of(0x10000, 0x30000),
                DmaAttrs.SKIP_CPU_SYNC));
  }

  @Test
  void allocAndFreeOfTheFirstLayout_haveNoDirectionAndAPhysicalAddress() throws Exception {
    assertThat(
            read(
                "dma_alloc: 0000:03:00.0 dma_addr=11e2c7000 size=512 phys_addr=11e2c7000"
                    + " flags=GFP_KERNEL|__GFP_ZERO attrs="))
        .isEqualTo(
            new DmaAlloc(
                HEADER,
                DEVICE,
                AllocApi.COHERENT,
                DmaDirection.UNKNOWN,
                0x11e2c7000L,
                512,
                0x11e2c7000L,
                true,
                "GFP_KERNEL|__GFP_ZERO",
                0));
    assertThat(
            read("dma_free: 0000:03:00.0 dma_addr=11e2c7000 size=512 phys_addr=11e2c7000 attrs="))
        .isEqualTo(
            new DmaFree(
                HEADER,
                DEVICE,
                AllocApi.COHERENT,
                DmaDirection.UNKNOWN,
                0x11e2c7000L,
                512,
                0x11e2c7000L,
                true,
                0));
  }

  @Test
  void allocOfTheFinal612Layout_hasAPointerAndNoDirection() throws Exception {
    DmaAlloc alloc =
        (DmaAlloc)
            read(
                "dma_alloc: 0000:03:00.0 dma_addr=11e2c7000 size=512 virt_addr=00000000a638f2f8"
                    + " flags=none attrs=");

    assertThat(alloc.direction()).isEqualTo(DmaDirection.UNKNOWN);
    assertThat(alloc.cpuAddr()).isEqualTo(0xa638f2f8L);
    assertThat(alloc.cpuAddrIsPhys()).isFalse();
  }

  @Test
  void allocAndFreeSince613_haveADirection() throws Exception {
    assertThat(
            read(
                "dma_alloc_pages: 0000:03:00.0 dir=FROM_DEVICE dma_addr=1000 size=40"
                    + " virt_addr=ff2316341e2c7000 flags=GFP_KERNEL attrs=NO_WARN"))
        .isEqualTo(
            new DmaAlloc(
                HEADER,
                DEVICE,
                AllocApi.PAGES,
                DmaDirection.FROM_DEVICE,
                0x1000,
                40,
                0xff2316341e2c7000L,
                false,
                "GFP_KERNEL",
                DmaAttrs.NO_WARN));
    assertThat(
            read(
                "dma_free: 0000:03:00.0 dir=BIDIRECTIONAL dma_addr=0 size=0"
                    + " virt_addr=0000000000000000 attrs="))
        .isInstanceOfSatisfying(DmaFree.class, free -> assertThat(free.ofNull()).isTrue());
  }

  @Test
  void noncontiguousAllocations_listTheirPages() throws Exception {
    assertThat(
            read(
                "dma_alloc_sgt: 0000:03:00.0 dir=TO_DEVICE dma_addr=7f400000 size=8192"
                    + " phys_addrs={0x7f400000,0x7f500000} flags=GFP_KERNEL attrs="))
        .isEqualTo(
            new DmaAllocSgt(
                HEADER,
                DEVICE,
                DmaDirection.TO_DEVICE,
                0x7f400000L,
                8192,
                U64List.of(0x7f400000L, 0x7f500000L),
                false,
                "GFP_KERNEL",
                0));
    assertThat(
            read(
                "dma_alloc_sgt_err: 0000:03:00.0 dir=TO_DEVICE dma_addr=0 size=8192"
                    + " virt_addr=0000000000000000 flags=GFP_KERNEL attrs="))
        .isInstanceOfSatisfying(DmaAllocSgt.class, a -> assertThat(a.failed()).isTrue());
    assertThat(
            read(
                "dma_free_sgt: 0000:03:00.0 dir=TO_DEVICE dma_addr=7f400000 size=8192"
                    + " phys_addrs={}"))
        .isEqualTo(
            new DmaFreeSgt(
                HEADER, DEVICE, DmaDirection.TO_DEVICE, 0x7f400000L, 8192, U64List.EMPTY));
  }

  @Test
  void syncs_sayForWhom() throws Exception {
    assertThat(
            read("dma_sync_single_for_cpu: 0000:03:00.0 dir=FROM_DEVICE dma_addr=74e00000 size=64"))
        .isEqualTo(
            new DmaSync(HEADER, DEVICE, SyncTarget.CPU, DmaDirection.FROM_DEVICE, 0x74e00000L, 64));
    assertThat(
            read(
                "dma_sync_sg_for_device: 0000:03:00.0 dir=TO_DEVICE"
                    + " dma_addrs={0xf0000000,0xffffffffffffffff} sizes={0x2000,0x0}"))
        .isEqualTo(
            new DmaSyncSg(
                HEADER,
                DEVICE,
                SyncTarget.DEVICE,
                DmaDirection.TO_DEVICE,
                U64List.of(0xf0000000L, DmaAddress.ERROR),
                U64List.of(0x2000, 0)));
  }

  @Test
  void iommuEvents_areReadUnderTheirShortNames() throws Exception {
    List<TraceEvent> events =
        List.of(
            read(
                "map: IOMMU: iova=0x00000000f0000000 - 0x00000000f0001000"
                    + " paddr=0x0000000000010000 size=4096"),
            read(
                "unmap: IOMMU: iova=0xfffffffffffff000 - 0x0000000000000000 size=4096"
                    + " unmapped_size=0"),
            read("add_device_to_group: IOMMU: groupID=9 device=0000:03:00.0"),
            read("remove_device_from_group: IOMMU: groupID=9 device=0000:03:00.0"),
            read("attach_device_to_domain: IOMMU: device=0000:03:00.0"),
            read("io_page_fault: IOMMU:nvme 0000:03:00.0 iova=0x00000000fe000000 flags=0x0001"));

    assertThat(events)
        .containsExactly(
            new IommuMap(HEADER, 0xf0000000L, 0x10000, 4096),
            new IommuUnmap(HEADER, 0xfffffffffffff000L, 4096, 0),
            new IommuGroupChange(HEADER, 9, DEVICE, true),
            new IommuGroupChange(HEADER, 9, DEVICE, false),
            new IommuAttach(HEADER, DEVICE),
            new IoPageFault(HEADER, DEVICE, "nvme", 0xfe000000L, 1, true, true, 0));
  }

  @Test
  void swiotlbBounce_saysWhetherItWasForced() throws Exception {
    String text =
        "swiotlb_bounced: dev_name: 0000:03:00.0 dma_mask=ffffffff dev_addr=12b size=1522 ";

    assertThat(read(text + "NORMAL"))
        .isEqualTo(new SwiotlbBounce(HEADER, DEVICE, 0xffffffffL, 0x12b, 1522, false));
    assertThat(read(text + "FORCE"))
        .isEqualTo(new SwiotlbBounce(HEADER, DEVICE, 0xffffffffL, 0x12b, 1522, true));
  }

  @Test
  void dmaBufEvents_areReadWithWhatEachHas() throws Exception {
    assertThat(read("dma_buf_export: exp_name=udmabuf size=65536 ino=1"))
        .isEqualTo(
            new DmaBufEvent(
                HEADER, DmaBufEvent.Kind.EXPORT, "udmabuf", 65536, 1, -1, 0, false, ""));
    assertThat(read("dma_buf_fd: exp_name=system size=65536 ino=2 fd=5"))
        .isEqualTo(
            new DmaBufEvent(HEADER, DmaBufEvent.Kind.FD, "system", 65536, 2, 5, 0, false, ""));
    assertThat(
            read(
                "dma_buf_dynamic_attach: exp_name=xe size=65536 ino=2 attachment:00000000ac868052"
                    + " is_dynamic=1 dev_name=0000:03:00.0"))
        .isEqualTo(
            new DmaBufEvent(
                HEADER, DmaBufEvent.Kind.ATTACH, "xe", 65536, 2, -1, 0xac868052L, true, DEVICE));
  }

  @Test
  void aMarker_isItsText() throws Exception {
    assertThat(read("tracing_mark_write: case ok: dma_map_page: x"))
        .isEqualTo(new Marker(HEADER, "case ok: dma_map_page: x"));
  }

  @Test
  void attributesAreRead_oldNewUnnamedAndUnknown() throws Exception {
    String map = "dma_map_phys: 0000:03:00.0 dir=TO_DEVICE dma_addr=1 size=1 phys_addr=1 attrs=";

    assertThat(((DmaMap) read(map + "CACHE_CLEAN")).attrs()).isEqualTo(DmaAttrs.CACHELINES_OVERLAP);
    assertThat(((DmaMap) read(map + "CACHELINES_OVERLAP|0x8000")).attrs())
        .isEqualTo(DmaAttrs.CACHELINES_OVERLAP | 0x8000);
    assertThat(((DmaMap) read(map + "NO_WARN|OF_A_KERNEL_TO_COME")).attrs())
        .isEqualTo(DmaAttrs.NO_WARN);
  }

  @Test
  void aDirectionOutsideTheEnum_isUnknown() throws Exception {
    DmaUnmap unmap =
        (DmaUnmap) read("dma_unmap_page: 0000:03:00.0 dir=0x7 dma_addr=1 size=1 attrs=");

    assertThat(unmap.direction()).isEqualTo(DmaDirection.UNKNOWN);
  }

  @Test
  void aLabelOfAKernelToCome_isPassedOver() throws Exception {
    DmaSync sync =
        (DmaSync)
            read(
                "dma_sync_single_for_cpu: 0000:03:00.0 dir=FROM_DEVICE pool=x dma_addr=2000 size=64"
                    + " node=1");

    assertThat(sync.dmaAddr()).isEqualTo(0x2000);
  }

  @Test
  void aDeviceNameWithBlanks_isReadWhole() throws Exception {
    DmaSync sync =
        (DmaSync) read("dma_sync_single_for_cpu: Fixed MDIO bus.0 dir=NONE dma_addr=2000 size=64");

    assertThat(sync.device()).isEqualTo("Fixed MDIO bus.0");
  }

  @Test
  void theFieldsForm_givesTheSameEvent() throws Exception {
    assertThat(
            read(
                "dma_map_page: device=0000:03:00.0 phys_addr=0x10200 (66048) dma_addr=0xfffff200"
                    + " (4294963712) size=0x200 (512) dir=0x1 (1) attrs=0x20 (32)"))
        .isEqualTo(
            read(
                "dma_map_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=fffff200 size=512"
                    + " phys_addr=10200 attrs=SKIP_CPU_SYNC"));
    assertThat(
            read(
                "dma_map_sg: device=0000:03:00.0 full_nents=0x2 (2) full_ents=0x1 (1)"
                    + " truncated=(0) phys_addrs=00,00,01,00,00,00,00,00,00,00,03,00,00,00,00,00"
                    + " dma_addrs=00,00,00,f0,00,00,00,00 lengths=00,20,00,00 dir=0x2 (2)"
                    + " attrs=0x0 (0)"))
        .isEqualTo(
            read(
                "dma_map_sg: 0000:03:00.0 dir=FROM_DEVICE nents=2/2 ents=1/1"
                    + " dma_addrs={0xf0000000} sizes={0x2000} phys_addrs={0x10000,0x30000}"
                    + " attrs="));
  }

  @Test
  void theFormOfAToolThatFailedToParse_givesTheSameEvent() throws Exception {
    assertThat(
            read(
                "dma_map_sg: [FAILED TO PARSE] device=0000:03:00.0 full_nents=1 full_ents=1"
                    + " truncated=0 phys_addrs=ARRAY[00, b0, 2f, 08, 01, 00, 00, 00]"
                    + " dma_addrs=ARRAY[00, 00, 00, f0, 00, 00, 00, 00]"
                    + " lengths=ARRAY[00, 10, 00, 00] dir=2 attrs=0x100"))
        .isEqualTo(
            read(
                "dma_map_sg: 0000:03:00.0 dir=FROM_DEVICE nents=1/1 ents=1/1"
                    + " dma_addrs={0xf0000000} sizes={0x1000} phys_addrs={0x1082fb000}"
                    + " attrs=NO_WARN"));
    assertThat(
            read(
                "dma_free_sgt: [FAILED TO PARSE] device=0000:03:00.0"
                    + " phys_addrs=ARRAY[00, 00, 40, 7f, 00, 00, 00, 00]"
                    + " dma_addr=2134900736 size=1048576 dir=0"))
        .isEqualTo(
            read(
                "dma_free_sgt: 0000:03:00.0 dir=BIDIRECTIONAL dma_addr=7f400000 size=1048576"
                    + " phys_addrs={0x7f400000}"));
  }
}
