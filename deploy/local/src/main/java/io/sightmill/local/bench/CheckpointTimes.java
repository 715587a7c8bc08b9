package io.sightmill.local.bench;

/**
 * How long the completed checkpoints of a job took, from the trigger to the last acknowledgement.
 *
 * @param count how many there were
 */
record CheckpointTimes(int count, double medianMillis, double longestMillis) {}
