/** A real Kafka broker inside this process or in one of its own: for the demo and the tests. */
package io.dmascope.cli.broker;
