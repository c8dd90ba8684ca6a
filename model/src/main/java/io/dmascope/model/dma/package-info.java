/** The state that a capture is replayed against: live mappings, tasks, devices. */
package io.dmascope.model.dma;
