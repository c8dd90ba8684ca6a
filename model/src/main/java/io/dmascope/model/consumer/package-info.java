/**
 * What drivers require of a mapping and what they make of it: RDMA page sizes and blocks, GPU
 * address arrays, NVMe PRP and SGL lists, block-layer segments.
 */
package io.dmascope.model.consumer;
