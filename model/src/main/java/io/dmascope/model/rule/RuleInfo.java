package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Sign;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a rule is, for people and for the documentation. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RuleInfo {
  /** Stable id, never reused. */
  String id();

  /** Short noun phrase without a full stop. */
  String title();

  Severity severity();

  /** The operations that the rule looks at. */
  Op[] on();

  /** It is asked only where a transition shows one of these; always, where none is named. */
  Sign[] signs() default {};

  /** The capture has to carry events of one of these families, or the rule is not checked. */
  Family[] needs();

  /** What it has to know beside the events, all of it, or the rule is not checked. */
  Fact[] facts() default {};

  /** The families that do only where the facts are known; all of them where empty. */
  Family[] factsFor() default {};

  /** Path and function of the kernel source that makes it a rule. */
  String kernelSource();

  /**
   * The sentence of dma-debug or of a kernel warning that corresponds; empty where there is none.
   */
  String kernelMessage() default "";

  /** What makes a verdict SUSPECT, in words. */
  String confidenceNotes();
}
