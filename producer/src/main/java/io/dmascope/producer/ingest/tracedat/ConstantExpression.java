package io.dmascope.producer.ingest.tracedat;

import java.util.OptionalLong;

/**
 * Evaluates the constant C expressions that the preprocessor leaves in print formats: numbers,
 * {@code ~ << >> & | + -}, parentheses, casts. Anything else has no value.
 */
final class ConstantExpression {
  /** Deeper nesting than any kernel's macros make; bounds the recursion on hostile input. */
  private static final int DEPTH_MAX = 64;

  private final String text;
  private int position;
  private int depth;
  private boolean failed;

  ConstantExpression(String text, int position) {
    this.text = text;
    this.position = position;
  }

  int position() {
    return position;
  }

  /** Consumes the character, after blanks, if it stands next. */
  boolean skip(char expected) {
    skipBlanks();
    boolean there = position < text.length() && text.charAt(position) == expected;
    if (there) {
      position++;
    }
    return there;
  }

  /** Consumes a string literal without escapes; null where none stands next. */
  String quoted() {
    if (!skip('"')) {
      return null;
    }
    int end = text.indexOf('"', position);
    if (end < 0) {
      return null;
    }
    String literal = text.substring(position, end);
    position = end + 1;
    return literal;
  }

  /** Consumes an expression. */
  OptionalLong value() {
    failed = false;
    depth = 0;
    long value = or();
    return failed ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private long or() {
    long value = and();
    while (!failed && skip('|')) {
      value |= and();
    }
    return value;
  }

  private long and() {
    long value = shift();
    while (!failed && skip('&')) {
      value &= shift();
    }
    return value;
  }

  private long shift() {
    long value = sum();
    while (!failed) {
      if (skipTwice('<')) {
        value <<= sum();
      } else if (skipTwice('>')) {
        value >>>= sum();
      } else {
        break;
      }
    }
    return value;
  }

  private long sum() {
    long value = unary();
    while (!failed) {
      if (skip('+')) {
        value += unary();
      } else if (skip('-')) {
        value -= unary();
      } else {
        break;
      }
    }
    return value;
  }

  private long unary() {
    if (++depth > DEPTH_MAX) {
      failed = true;
    }
    try {
      if (failed) {
        return 0;
      }
      if (skip('~')) {
        return ~unary();
      }
      if (skip('-')) {
        return -unary();
      }
      if (!skip('(')) {
        return number();
      }
      if (skipTypeName()) { // a cast: "( unsigned long)x", "(gfp_t)x"
        failed |= !skip(')');
        return unary();
      }
      long value = or();
      failed |= !skip(')');
      return value;
    } finally {
      depth--;
    }
  }

  private boolean skipTypeName() {
    skipBlanks();
    int start = position;
    while (position < text.length() && isTypeCharacter(text.charAt(position), position == start)) {
      position++;
    }
    return position > start;
  }

  private static boolean isTypeCharacter(char c, boolean first) {
    return c == '_' || Character.isLetter(c) || (!first && (Character.isDigit(c) || c == ' '));
  }

  private long number() {
    skipBlanks();
    int start = position;
    while (position < text.length() && Character.isLetterOrDigit(text.charAt(position))) {
      position++;
    }
    String digits = text.substring(start, position).replaceAll("[uUlL]+$", "");
    try {
      return digits.startsWith("0x") || digits.startsWith("0X")
          ? Long.parseUnsignedLong(digits, 2, digits.length(), 16)
          : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException noNumber) {
      failed = true; // a name or an operator outside the small language: no value
      return 0;
    }
  }

  private boolean skipTwice(char c) {
    skipBlanks();
    boolean there = text.startsWith(c == '<' ? "<<" : ">>", position);
    if (there) {
      position += 2;
    }
    return there;
  }

  private void skipBlanks() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }
}
