/**
 * Measures the pipeline as a whole: its cost beside the bare engine, and what lanes do to each
 * other.
 */
package io.sightmill.local.bench;
