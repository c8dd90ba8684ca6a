package io.dmascope.model.rig;

import java.util.Objects;

/**
 * The machine's IOMMU as a whole; what it does for a device is in the device's group.
 *
 * @param kind the driver's word, as {@code /sys/class/iommu} has it: {@code intel}, {@code amd},
 *     {@code smmu-v2}, {@code smmu-v3}, {@code virtio}, {@code zpci}, ...; empty where unknown
 * @param mode {@code strict}, {@code lazy} or {@code passthrough} where all groups agree, else
 *     {@code mixed}; empty where unknown
 */
public record RigIommu(String kind, String mode) {

  public RigIommu {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(mode, "mode");
  }
}
