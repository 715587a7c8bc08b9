/** A Kafka for the integration tests of every module. */
package io.sightmill.broker.testing;
