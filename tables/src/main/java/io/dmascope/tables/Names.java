package io.dmascope.tables;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import java.util.Locale;

/** How the constants of the model are written in every table: in lower case, words by lines. */
public final class Names {
  private static final String[] DIRECTIONS = lower(DmaDirection.values());
  private static final String[] KINDS = lower(MappingKind.values());
  private static final ClassValue<String> EVENTS =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String prefix = ProbeEvent.class.isAssignableFrom(type) ? "probe_" : "";
          return prefix
              + type.getSimpleName()
                  .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                  .toLowerCase(Locale.ROOT);
        }
      };

  private Names() {}

  /** Empty for a direction that nobody recorded. */
  public static String of(DmaDirection direction) {
    return direction == DmaDirection.UNKNOWN ? "" : DIRECTIONS[direction.ordinal()];
  }

  public static String of(MappingKind kind) {
    return KINDS[kind.ordinal()];
  }

  public static String of(Severity severity) {
    return lower(severity);
  }

  public static String of(Confidence confidence) {
    return lower(confidence);
  }

  static String of(EventsLost.Cause cause) {
    return lower(cause);
  }

  /** {@code dma_map_sg} of a {@code DmaMapSg}; probe events begin with {@code probe_}. */
  public static String of(TraceEvent event) {
    return EVENTS.get(event.getClass());
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String[] lower(Enum<?>[] constants) {
    String[] names = new String[constants.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = lower(constants[i]);
    }
    return names;
  }
}
