/**
 * The rules of the published benchmarks, on their own files: what they ask, the answers file that
 * LLaVA's authors write, and what an answer is worth.
 */
package io.sightmill.tuning.benchmarks;
