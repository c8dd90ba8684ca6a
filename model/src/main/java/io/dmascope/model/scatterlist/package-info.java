/**
 * The forms in which a kernel describes memory to be mapped and the addresses that came out:
 * scatterlists and sg_tables as they lie in memory, and the forms that were proposed or came after
 * them, with what each costs in bytes and passes (include/linux/scatterlist.h, lib/scatterlist.c).
 */
package io.dmascope.model.scatterlist;
