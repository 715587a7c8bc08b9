/** Claim check: large images travel by reference, their bytes lie in a directory or a bucket. */
package io.sightmill.ingest.claim;
