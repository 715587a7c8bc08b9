/**
 * Sightmill as separate processes on this machine: a Kafka broker, a Flink JobManager, TaskManagers
 * and ingest, each a JVM of its own that can be killed, stopped and started again.
 */
package io.sightmill.local.cluster;
