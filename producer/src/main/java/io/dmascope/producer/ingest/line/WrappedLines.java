package io.dmascope.producer.ingest.line;

import io.dmascope.producer.ingest.layout.EventDecoder;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.text.LineBlocks;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.Words;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Joins what a mail program or a terminal wrapped: a line without a header of its own belongs to
 * the event before it.
 *
 * <pre>
 *  kworker/u32:2-19      [003] .....   271.447763: dma_free: 0000:c1:00.0
 * dma_addr=fe680000 size=524288 virt_addr=00000000a1cdbcb1 attrs=
 * </pre>
 *
 * <p>A text is taken for wrapped where an event at its beginning cannot be read, and can with the
 * lines that follow. The joined line stands where its first part did, empty lines in place of the
 * others.
 */
public final class WrappedLines implements LineRewriter.Form {
  /** Mail programs drop the blank where they wrap; terminals cut anywhere. */
  private static final String BLANK = " ";

  /** As many lines of one length show that a terminal cut them. */
  private static final int CUT_LINES_MIN = 3;

  private final LineGrammar grammar;
  private final String joint;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean any;
  private boolean open;
  private int swallowed;

  private WrappedLines(LineGrammar grammar, String joint) {
    this.grammar = grammar;
    this.joint = joint;
  }

  /** Returns the text with its lines joined, or nothing where none is wrapped. */
  public static Optional<InputStream> joined(byte[] head, InputStream rest, LineGrammar grammar) {
    return joint(head, grammar)
        .map(joint -> new LineRewriter(head, rest, new WrappedLines(grammar, joint)));
  }

  private static Optional<String> joint(byte[] head, LineGrammar grammar) {
    List<byte[]> lines = wholeLines(head);
    int soft = 0;
    int hard = 0;
    int wrapped = 0;
    boolean oneLength = true;
    int length = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!isUnreadableEvent(lines.get(i), grammar)) {
        continue;
      }
      int last = i + 1;
      while (last < lines.size() && isContinuation(lines.get(last), 0, grammar)) {
        last++;
      }
      if (last == i + 1) {
        continue;
      }
      boolean softReads = reads(lines.subList(i, last), BLANK, grammar);
      boolean hardReads = reads(lines.subList(i, last), "", grammar);
      if (softReads || hardReads) {
        wrapped++;
        soft += softReads ? 1 : 0;
        hard += hardReads ? 1 : 0;
        oneLength &= length < 0 || length == lines.get(i).length;
        length = lines.get(i).length;
      }
    }
    if (wrapped == 0) {
      return Optional.empty();
    }
    boolean cut = hard == wrapped && (soft == 0 || (oneLength && wrapped >= CUT_LINES_MIN));
    return Optional.of(cut ? "" : BLANK);
  }

  private static List<byte[]> wholeLines(byte[] head) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int p = 0; p < head.length; p++) {
      if (head[p] == '\n') {
        lines.add(Words.lineOf(Arrays.copyOfRange(head, from, p)));
        from = p + 1;
      }
    }
    return lines;
  }

  private static boolean isUnreadableEvent(byte[] line, LineGrammar grammar) {
    return decoded(line, grammar) < 0;
  }

  private static boolean reads(List<byte[]> parts, String joint, LineGrammar grammar) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      append(whole, part, 0, Lines.endOfLine(part, 0), joint);
    }
    return decoded(Words.lineOf(whole.toByteArray()), grammar) > 0;
  }

  /** Positive for an event of ours that can be read, negative for one that cannot, else 0. */
  private static int decoded(byte[] line, LineGrammar grammar) {
    LineContext context = new LineContext();
    context.clear();
    int name = grammar.readContext(line, 0, context);
    if (name == LineGrammar.NO_CONTEXT) {
      return 0;
    }
    int nameEnd = Lines.endOfName(line, name);
    if (line[nameEnd] == ':' && Lines.isNamePart(line[nameEnd + 1])) {
      name = nameEnd + 1;
      nameEnd = Lines.endOfName(line, name);
    }
    EventLayout layout =
        line[nameEnd] == ':' && nameEnd > name ? EventLayout.named(line, name, nameEnd) : null;
    if (layout == null) {
      return 0;
    }
    int text = Lines.afterBlanks(line, nameEnd + 1);
    return new EventDecoder(new TextCache()).read(layout, line, text) < 0 ? -1 : 1;
  }

  private static boolean isContinuation(byte[] b, int from, LineGrammar grammar) {
    LineContext context = new LineContext();
    context.clear();
    return Note.at(b, from, Lines.endOfLine(b, from)) == Note.NONE
        && grammar.readContext(b, from, context) == LineGrammar.NO_CONTEXT;
  }

  /** Appends a part without the blanks around it, which a wrapped line's indentation is. */
  private static void append(
      ByteArrayOutputStream whole, byte[] b, int from, int end, String joint) {
    int start = whole.size() == 0 ? from : Lines.afterBlanks(b, from);
    if (whole.size() > 0) {
      whole.writeBytes(joint.getBytes(StandardCharsets.US_ASCII));
    }
    int last = Lines.beforeBlanks(b, start, end);
    whole.write(b, start, last - start);
  }

  @Override
  public void line(byte[] bytes, int from, int end, ByteArrayOutputStream out) {
    boolean fits = pending.size() + (end - from) < LineBlocks.LINE_BYTES_MAX;
    if (open && fits && isContinuation(bytes, from, grammar)) {
      append(pending, bytes, from, end, joint);
      swallowed++;
      return;
    }
    end(out);
    LineContext context = new LineContext();
    context.clear();
    open = grammar.readContext(bytes, from, context) != LineGrammar.NO_CONTEXT;
    pending.write(bytes, from, end - from);
    any = true;
  }

  @Override
  public void end(ByteArrayOutputStream out) {
    if (!any) {
      return;
    }
    out.writeBytes(pending.toByteArray());
    out.writeBytes("\n".repeat(1 + swallowed).getBytes(StandardCharsets.US_ASCII));
    pending.reset();
    swallowed = 0;
    any = false;
  }
}
