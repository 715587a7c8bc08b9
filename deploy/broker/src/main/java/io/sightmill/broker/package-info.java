/** A real single-node Kafka broker inside this JVM, for one machine and for tests. */
package io.sightmill.broker;
