/**
 * PCI peer-to-peer DMA: which path a transfer between two devices takes and which address the
 * client then uses (drivers/pci/p2pdma.c).
 */
package io.dmascope.model.p2p;
