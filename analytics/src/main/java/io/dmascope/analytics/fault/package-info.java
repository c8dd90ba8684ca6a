/** Explanations of IOMMU faults and of addresses somebody asks about, for people and programs. */
package io.dmascope.analytics.fault;
