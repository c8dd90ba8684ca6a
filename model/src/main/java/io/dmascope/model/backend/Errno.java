package io.dmascope.model.backend;

/** The errors a mapping call normalises to; anything else becomes {@code EIO} in dma_map_sg. */
public enum Errno {
  ENOMEM,
  EINVAL,
  EIO,
  EREMOTEIO,
  EPERM
}
