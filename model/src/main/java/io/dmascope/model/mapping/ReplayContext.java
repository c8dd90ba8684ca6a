package io.dmascope.model.mapping;

import io.dmascope.model.finding.MappingLifecycle;
import java.util.function.Consumer;

/** What the parts of one replay share. */
record ReplayContext(
    CaptureState state, CaptureReplay.Judge judge, Consumer<MappingLifecycle> lifecycles) {}
