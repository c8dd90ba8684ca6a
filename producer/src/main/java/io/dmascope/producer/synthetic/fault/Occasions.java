package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.fault.Fault.Detached;
import io.dmascope.producer.synthetic.fault.Fault.MapCall;
import io.dmascope.producer.synthetic.fault.Fault.MapSgCall;
import io.dmascope.producer.synthetic.fault.Fault.Occasion;
import io.dmascope.producer.synthetic.machine.Attachment;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.LinkedRange;
import io.dmascope.producer.synthetic.machine.Mischief;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;

/** Every call that could be done wrong, in one place. */
abstract class Occasions implements Mischief {
  /** A call is made; what comes back replaces it, null where nothing does. */
  abstract Object at(Occasion occasion, Context at, Object call);

  @Override
  public Single insteadOfMap(
      Context at,
      DmaDevice device,
      MapApi api,
      long physAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    MapCall call = new MapCall(device, api, physAddr, sizeBytes, direction, attrs);
    return (Single) at(Occasion.MAP, at, call);
  }

  @Override
  public void mapped(Context at, Single single) {
    at(Occasion.MAPPED, at, single);
  }

  @Override
  public boolean insteadOfUnmap(Context at, Single single) {
    return at(Occasion.UNMAP, at, single) != null;
  }

  @Override
  public SgMapping insteadOfMapSg(
      Context at, DmaDevice device, PhysList list, DmaDirection direction, long attrs) {
    return (SgMapping) at(Occasion.MAP_SG, at, new MapSgCall(device, list, direction, attrs));
  }

  @Override
  public void mapped(Context at, SgMapping list) {
    at(Occasion.MAPPED_SG, at, list);
  }

  @Override
  public boolean insteadOfUnmap(Context at, SgMapping list) {
    return at(Occasion.UNMAP_SG, at, list) != null;
  }

  @Override
  public boolean insteadOfFree(Context at, Coherent buffer) {
    return at(Occasion.FREE, at, buffer) != null;
  }

  @Override
  public void linked(Context at, LinkedRange range) {
    at(Occasion.LINKED, at, range);
  }

  @Override
  public void imported(Context at, Attachment attachment) {
    at(Occasion.IMPORTED, at, attachment);
  }

  @Override
  public void detached(Context at, Attachment attachment, long detachedAt) {
    at(Occasion.DETACHED, at, new Detached(attachment, detachedAt));
  }

  @Override
  public void unbinding(Context at, DmaDevice device) {
    at(Occasion.UNBINDING, at, device);
  }
}
