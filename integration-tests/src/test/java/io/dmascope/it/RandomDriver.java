package io.dmascope.it;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A capture of drivers that map, synchronise and unmap, and now and then do it wrong: the same seed
 * gives the same capture.
 */
final class RandomDriver {
  private static final String[] DEVICES = {"0000:01:00.0", "0000:02:00.0", "nvme0"};
  private static final String[] COMMS = {"fio", "swapper/0", "kworker/1:2-events"};
  private static final int MISUSE_ONE_IN = 50;
  private static final long PAGE = 4096;

  private final Random random;
  private final List<TraceEvent> events = new ArrayList<>();
  private final List<DmaMap> live = new ArrayList<>();
  private final List<DmaMapSg> liveSg = new ArrayList<>();
  private long nextPage = 0x1000;

  private RandomDriver(long seed) {
    random = new Random(seed);
  }

  /** Returns a start, about {@code count} events and an end. */
  static List<TraceEvent> capture(String captureId, long seed, int count) {
    RandomDriver driver = new RandomDriver(seed);
    driver.events.add(
        new CaptureStart(
            driver.header(),
            new CaptureFacts(
                captureId, captureId + ".txt", "ftrace-text", "6.12.0", "local", true)));
    while (driver.events.size() < count - 1) {
      driver.step();
    }
    driver.events.add(
        new CaptureEnd(driver.header(), new InputCounts(count, count, count, 0, 0, 0)));
    return driver.events;
  }

  /** Returns captures {@code rig-0}, {@code rig-1} and so on. */
  static Map<String, List<TraceEvent>> captures(int count, int events) {
    Map<String, List<TraceEvent>> captures = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String captureId = "rig-" + i;
      captures.put(captureId, capture(captureId, 1000 + i, events));
    }
    return captures;
  }

  private void step() {
    int choice = random.nextInt(100);
    if (live.size() < 20 || choice < 35) {
      map();
    } else if (choice < 45) {
      sync(live.get(random.nextInt(live.size())));
    } else if (choice < 55) {
      mapSg();
    } else if (choice < 65 && !liveSg.isEmpty()) {
      unmapSg(liveSg.remove(random.nextInt(liveSg.size())));
    } else {
      unmap(live.remove(random.nextInt(live.size())));
    }
  }

  private void map() {
    DmaMap map =
        new DmaMap(
            header(),
            one(DEVICES),
            MapApi.PAGE,
            random.nextBoolean() ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE,
            0xf000_0000_0000L + nextPage * PAGE,
            512L << random.nextInt(4),
            nextPage * PAGE,
            0);
    nextPage++;
    live.add(map);
    events.add(map);
  }

  private void unmap(DmaMap map) {
    boolean wrongSize = misuse();
    boolean wrongDirection = misuse();
    DmaUnmap unmap =
        new DmaUnmap(
            header(),
            map.device(),
            map.api(),
            wrongDirection ? DmaDirection.BIDIRECTIONAL : map.direction(),
            map.dmaAddr(),
            wrongSize ? map.sizeBytes() / 2 : map.sizeBytes(),
            0);
    events.add(unmap);
    if (misuse()) {
      events.add(
          new DmaUnmap(
              header(),
              map.device(),
              map.api(),
              map.direction(),
              map.dmaAddr(),
              map.sizeBytes(),
              0));
    }
  }

  private void sync(DmaMap map) {
    events.add(
        new DmaSync(
            header(),
            map.device(),
            random.nextBoolean() ? SyncTarget.CPU : SyncTarget.DEVICE,
            map.direction(),
            map.dmaAddr(),
            misuse() ? map.sizeBytes() * 64 : map.sizeBytes()));
  }

  private void mapSg() {
    int nents = 1 + random.nextInt(5);
    long[] phys = new long[nents];
    long[] dma = new long[nents];
    long[] lengths = new long[nents];
    for (int i = 0; i < nents; i++) {
      phys[i] = nextPage * PAGE;
      dma[i] = 0xf000_0000_0000L + nextPage * PAGE;
      lengths[i] = PAGE;
      nextPage += 2;
    }
    DmaMapSg map =
        new DmaMapSg(
            header(),
            one(DEVICES),
            DmaDirection.BIDIRECTIONAL,
            nents,
            nents,
            U64List.wrap(phys),
            U64List.wrap(dma),
            U64List.wrap(lengths),
            0);
    liveSg.add(map);
    events.add(map);
  }

  private void unmapSg(DmaMapSg map) {
    events.add(
        new DmaUnmapSg(
            header(),
            map.device(),
            misuse() ? DmaDirection.TO_DEVICE : map.direction(),
            map.physAddrs(),
            0));
  }

  private EventHeader header() {
    int sequence = events.size();
    return new EventHeader(
        sequence,
        1_000_000_000L + sequence * 1_700L + random.nextInt(900),
        random.nextInt(4),
        100 + random.nextInt(3),
        one(COMMS),
        sequence + 12);
  }

  private boolean misuse() {
    return random.nextInt(MISUSE_ONE_IN) == 0;
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
