/** Replays captures from Kafka against the model, each exactly once. */
package io.dmascope.replay;
