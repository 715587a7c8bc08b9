/**
 * What is learned from: dialogues about images in LLaVA's JSON, checked before anything is trained.
 */
package io.sightmill.tuning.samples;
