package io.dmascope.producer.write;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.producer.synthetic.fault.Injected;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Writes what was done wrong in a made-up capture, a JSON object a line: the rule, the event, how
 * sure one can be, and the events that prove it.
 */
public final class TruthWriter implements Closeable {
  private final Writer out;

  public TruthWriter(Writer out) {
    this.out = out;
  }

  /** Writes one fault. */
  public void injected(Injected injected) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("ruleId", injected.ruleId());
    json.put("fault", injected.fault());
    json.put("sequence", injected.sequence());
    json.put("device", injected.device());
    json.put("dmaAddr", "0x%016x".formatted(injected.dmaAddr()));
    json.put("sizeBytes", injected.sizeBytes());
    json.put("sureness", injected.sureness().name().toLowerCase(Locale.ROOT));
    injected.witnesses().forEach(json.putArray("witnesses")::add);
    json.put("tears", injected.tears());
    json.put("faint", injected.faint());
    out.append(json.toString()).append('\n');
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
