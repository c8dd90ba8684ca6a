/**
 * What is known of a capture at one moment: mapped objects, where they lie, who owns them, what is
 * missing.
 *
 * <p>Nothing here judges; {@link io.dmascope.model.rule} does, on a {@link
 * io.dmascope.model.mapping.Transition}.
 */
package io.dmascope.model.mapping;
