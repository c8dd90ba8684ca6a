package io.dmascope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** Renders a Markdown page for a terminal: wrapped, indented, and coloured where wanted. */
final class MarkdownText {
  private static final int COLUMNS = 96;
  private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String BOLD = "1";
  private static final String BOLD_CYAN = "1;36";
  private static final String CYAN = "36";
  private static final String ITALIC = "3";
  private static final String DIM = "2";

  private final boolean coloured;
  private final StringBuilder page = new StringBuilder();

  private MarkdownText(boolean coloured) {
    this.coloured = coloured;
  }

  static String render(String markdown, boolean coloured) {
    Node document =
        Parser.builder().extensions(List.of(TablesExtension.create())).build().parse(markdown);
    MarkdownText text = new MarkdownText(coloured);
    text.blocks(document, "", "");
    return text.page.toString();
  }

  /** Renders a container's blocks; the first line begins with {@code first}, others with rest. */
  private void blocks(Node parent, String first, String rest) {
    String indent = first;
    for (Node block = parent.getFirstChild(); block != null; block = block.getNext()) {
      block(block, indent, rest);
      indent = rest;
      if (block.getNext() != null
          && !(block instanceof HtmlBlock)
          && !(parent instanceof ListItem)) {
        page.append('\n');
      }
    }
  }

  private void block(Node block, String first, String rest) {
    switch (block) {
      case Heading heading -> line(first, paint(BOLD_CYAN, inline(heading)));
      case Paragraph paragraph -> wrapped(inline(paragraph), first, rest);
      case FencedCodeBlock code -> code(code.getLiteral(), rest);
      case IndentedCodeBlock code -> code(code.getLiteral(), rest);
      case BulletList list -> items(list, rest, 0);
      case OrderedList list -> items(list, rest, list.getMarkerStartNumber());
      case BlockQuote quote -> blocks(quote, rest + "  ", rest + "  ");
      case TableBlock table -> table(table, rest);
      case ThematicBreak _ -> line(rest, paint(DIM, "-".repeat(COLUMNS / 2)));
      case HtmlBlock _ -> {} // a comment for the generator of the page
      default -> wrapped(inline(block), first, rest);
    }
  }

  private void items(Node list, String indent, int number) {
    int next = number;
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      String marker = number == 0 ? "- " : next++ + ". ";
      blocks(item, indent + marker, indent + " ".repeat(marker.length()));
    }
  }

  private void code(String literal, String indent) {
    literal.lines().forEach(line -> line(indent + "    ", paint(CYAN, line)));
  }

  private void table(TableBlock table, String indent) {
    List<List<String>> rows = new ArrayList<>();
    table.accept(
        new AbstractVisitor() {
          @Override
          public void visit(org.commonmark.node.CustomNode node) {
            switch (node) {
              case TableRow _ -> rows.add(new ArrayList<>());
              case TableCell cell -> rows.getLast().add(inline(cell));
              default -> {} // the head and the body are containers of rows
            }
            if (!(node instanceof TableCell)) {
              visitChildren(node);
            }
          }

          @Override
          public void visit(CustomBlock node) {
            visitChildren(node);
          }
        });
    boolean hasHead = table.getFirstChild() instanceof TableHead;
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < rows.get(row).size(); column++) {
        String cell = rows.get(row).get(column);
        line.append(hasHead && row == 0 ? paint(BOLD, cell) : cell)
            .append(" ".repeat(width(rows, column) - length(cell) + 2));
      }
      line(indent, line.toString().stripTrailing());
    }
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> length(row.get(column)))
        .max()
        .orElse(0);
  }

  private String inline(Node parent) {
    StringBuilder text = new StringBuilder();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
      text.append(
          switch (node) {
            case Text words -> words.getLiteral();
            case Code code -> paint(CYAN, code.getLiteral());
            case Emphasis emphasis -> paint(ITALIC, inline(emphasis));
            case StrongEmphasis strong -> paint(BOLD, inline(strong));
            case SoftLineBreak _ -> " ";
            case HardLineBreak _ -> " ";
            case Link link -> inline(link);
            default -> inline(node);
          });
    }
    return text.toString();
  }

  private void wrapped(String text, String first, String rest) {
    StringBuilder line = new StringBuilder();
    String indent = first;
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && length(indent) + length(line) + 1 + length(word) > COLUMNS) {
        line(indent, line.toString());
        indent = rest;
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(indent, line.toString());
  }

  private void line(String indent, String text) {
    page.append(indent).append(text).append('\n');
  }

  private static int length(CharSequence text) {
    return ESCAPES.matcher(text).replaceAll("").length();
  }

  private String paint(String sgr, String text) {
    return coloured ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }
}
