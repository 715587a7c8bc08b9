/**
 * Visual instruction tuning (arXiv 2304.08485): data from captions and boxes, the two stages, and
 * what the result is worth. Knows the model and no stream.
 */
package io.sightmill.tuning;
