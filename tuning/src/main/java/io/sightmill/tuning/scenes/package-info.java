/**
 * Pictures whose content is known: drawn scenes, and what is true of them. The same seed gives the
 * same pixels on every Java runtime.
 */
package io.sightmill.tuning.scenes;
