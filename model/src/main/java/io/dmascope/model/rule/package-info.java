/**
 * The invariants, one small class each. Ids are those of the catalogue and never reused; {@link
 * io.dmascope.model.rule.RuleCatalogue} lists them all, {@code docs/rules/} explains each.
 */
package io.dmascope.model.rule;
