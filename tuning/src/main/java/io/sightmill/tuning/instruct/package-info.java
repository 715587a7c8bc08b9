/**
 * Instruction data from captions and boxes alone (arXiv 2304.08485, section 3): a teacher makes
 * conversations, detailed descriptions and complex reasoning of them. Never sees a pixel, and knows
 * nothing of scenes.
 */
package io.sightmill.tuning.instruct;
