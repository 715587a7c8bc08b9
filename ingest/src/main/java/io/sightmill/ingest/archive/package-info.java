/** Brings archives of images in, and says what became of them. */
package io.sightmill.ingest.archive;
