/**
 * What a model is worth: questions about scenes that no training has seen, and the rules of the
 * published benchmarks on files of answers.
 */
package io.sightmill.tuning.evaluate;
