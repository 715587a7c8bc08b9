/** The stages of training: order of the samples, steps, rates, what is saved and what is shown. */
package io.sightmill.tuning.training;
