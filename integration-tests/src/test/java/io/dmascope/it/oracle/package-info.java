/** The kernel's own checker, {@code CONFIG_DMA_API_DEBUG}, as the judge of ours. */
package io.dmascope.it.oracle;
