/**
 * Which record may run, after a failure took others with it: a record that fails the job again and
 * again is found, alone, and refused. The ledger lives in the JobManager; it outlives TaskManagers.
 */
package io.sightmill.flink.quarantine;
