/**
 * What stands before the model: requests are decoded, validated, resolved, deduplicated and routed.
 */
package io.sightmill.ingest;
