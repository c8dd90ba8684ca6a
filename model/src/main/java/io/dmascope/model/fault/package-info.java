/**
 * What an IOMMU fault tells: which mapping it belongs to, and what lies around it. One judgement
 * for the rules about faults and for whoever asks about an address by hand.
 */
package io.dmascope.model.fault;
